// Every sentence that the server says, with its French. {1}, {2} … are the values put in; both sides name the same ones.
import { channels } from './channels.ts';
import { erp } from './erp.ts';
import { flows } from './flows.ts';
import { ledger } from './ledger.ts';
import { requests } from './requests.ts';

export type Pair = readonly [en: string, fr: string];
export const sentences: readonly Pair[] = [...flows, ...erp, ...channels, ...requests, ...ledger];
