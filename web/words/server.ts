// How does the reader read what the server says? The server says it in English, for programs too. In French each sentence
// is found again by its pattern and its values are put into the French one, as gettext does by message; a sentence without
// one falls back to the title of its code. test/words.test.ts takes the sentences from the source, so that none is missing.
import { errorCodes } from '../../src/api/contract/codes.ts';
import { language } from './language.ts';
import { whole } from './server/french.ts';

/** A sentence of the server in the reader’s language; one that is not known stays as it came. */
export function said(text: string): string {
  return language() === 'en' || text === '' ? text : (whole(text) ?? text);
}

/** What happened: the sentence, or in another language at least the title of its code with the other side’s own words. */
export function saidProblem(problem: {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly facts?: Readonly<Record<string, unknown>> | undefined;
}): string {
  const message = problem.message ?? '';
  if (language() === 'en' || message === '') return message;
  const known = whole(message);
  if (known !== undefined) return known;
  const title = problem.code === undefined ? undefined : errorCodes[problem.code]?.title.fr;
  const quote = /says: (.*)$/s.exec(message)?.[1];
  if (title === undefined) return message;
  return quote === undefined ? `${title}.` : `${title} : « ${quote} »`;
}

/** What to do; a step that is not known is left out when others are. */
export function saidSteps(steps: readonly string[]): readonly string[] {
  if (language() === 'en') return steps;
  const known = steps.flatMap((step) => whole(step) ?? []);
  return known.length > 0 ? known : steps;
}
