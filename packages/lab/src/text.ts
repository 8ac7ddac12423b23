/** A sentence or a word in the languages of the page. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}
