// Which codes can a person meet? Made from the list that problems, mails and the console read.
import { type CauseClass, causeClasses, errorCodes } from '../../src/core/error-codes.ts';

const meanings: Readonly<Record<CauseClass, string>> = {
  value: 'A value in a document is not right. Correct it there, or correct the document here, and retry.',
  missing: 'Something a document names is not on the other side yet.',
  mapping: 'A choice of yours is missing: a lookup, an account, an answer of the set-up.',
  connection: 'An account cannot be entered, or lacks a right.',
  intermittent: 'Something that passes by itself. It is tried again; look only when it stays.',
  'rate-limit': 'The other side asks for patience. It is tried again by itself.',
  'closed-period': 'The books are closed for the date.',
  'business-rule': 'One of your rules, or of the other side’s, says no.',
  request: 'What was asked of Crossdock is not right; nothing was changed.',
  unexpected: 'Nothing we know. The message quotes what happened.',
};

export function errorsPage(): string {
  const listed = Object.entries(errorCodes).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = causeClasses.flatMap((cause) => {
    const own = listed.filter(([, code]) => code.class === cause);
    if (own.length === 0) return [];
    const rows = own.map(
      ([name, { title, paragraph, urgent }]) =>
        `### ${name}\n\n**${title.en}.**${urgent ? ' *Told at once.*' : ''} ${paragraph}\n`,
    );
    return [`## ${cause}\n\n${meanings[cause]}\n`, ...rows];
  });
  return `# Errors

*Made by \`npm run docs\` from src/core/error-codes.ts.*

Every problem, refused request and failed command carries one of these ${listed.length} codes, with a sentence of its own that names the
document, the field and the next step. A code never changes its meaning. *Told at once* codes do not wait for the daily digest.

${parts.join('\n')}`;
}
