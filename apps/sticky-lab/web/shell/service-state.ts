import { signal } from '@preact/signals';

/** Whether the last attempt to reach the service failed. The page says so at its top. */
export const isServiceGone = signal(false);
