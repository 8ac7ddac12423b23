/** Whether whoever looks came with the token of a class. The service says so in the page that it sends. */
export const isOfClass: boolean = document.documentElement.dataset['visitor'] === 'class';
