// What does the set-up say?
import type { Translated, Words } from './catalogue.ts';

export const en = {} as const satisfies Words;

export const fr: Translated<typeof en> = {};
