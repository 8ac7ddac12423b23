import { packageVersion } from '@socklab/service';

/** The name of the program. */
export const APP = 'udp-multi';

/** The version of the package. */
export const VERSION: string = packageVersion(import.meta.url);
