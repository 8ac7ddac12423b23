import { brokers } from './brokers.mjs';
import { clients } from './clients.mjs';
import { databases } from './databases.mjs';
import { mail } from './mail.mjs';
import { names } from './names.mjs';
import { others } from './others.mjs';
import { proxies } from './proxies.mjs';
import { web } from './web.mjs';

/** Every target, in the order of the table. */
export const targets = [...web, ...proxies, ...databases, ...brokers, ...mail, ...names, ...others, ...clients];
