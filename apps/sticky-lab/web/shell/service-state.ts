import { signal } from '@preact/signals';

/** Whether the last request to the service failed. The page shows that at the top. */
export const isServiceGone = signal(false);
