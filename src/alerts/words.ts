// How does a mail say it, in the reader's language? Short and without anything a stranger should not read: titles of
// causes, SKUs and service names, never a buyer, never the other side's own words.
import { errorCodes } from '../core/error-codes.ts';

export type Tongue = 'en' | 'fr';
export const tongueOf = (locale: string): Tongue => (locale === 'fr' ? 'fr' : 'en');

export interface AlertProblem {
  readonly id: bigint;
  readonly code: string;
  readonly kind: string;
  readonly urgent: boolean;
  readonly records: bigint;
  readonly flowId: string | null;
  readonly connectionId: string | null;
  readonly firstSeenAt: Date;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** “NetSuite has no such item: AB-1”. Only facts that name things of the shop, never people, are added. */
export function titleOf(problem: AlertProblem, tongue: Tongue): string {
  const title = errorCodes[problem.code]?.title[tongue] ?? errorCodes['UNEXPECTED']!.title[tongue];
  const key = problem.facts['lookup'] === 'cancel-reason' ? undefined : problem.facts['key'];
  const figures = figuresOf(problem, tongue);
  if (figures) return `${title} (${figures})`;
  return typeof key === 'string' && key.length <= 60
    ? `${title}${tongue === 'fr' ? ' : ' : ': '}${key}`
    : title;
}

function figuresOf({ code, facts }: AlertProblem, tongue: Tongue): string | undefined {
  const number = (value: unknown) => new Intl.NumberFormat(tongue).format(Number(value));
  if (code === 'ORDERS_SILENT')
    return tongue === 'fr'
      ? `rien depuis ${number(facts['hours'])} h ; d’habitude ${number(facts['normal'])} sur cette durée`
      : `none for ${number(facts['hours'])} h; normally ${number(facts['normal'])} in that time`;
  return undefined;
}

const records = (count: bigint, tongue: Tongue): string => {
  if (count === 0n) return '';
  const number = new Intl.NumberFormat(tongue).format(count);
  const one = new Intl.PluralRules(tongue).select(Number(count)) === 'one';
  return tongue === 'fr'
    ? ` – ${number} ${one ? 'enregistrement' : 'enregistrements'}`
    : ` – ${number} ${one ? 'record' : 'records'}`;
};

export interface Digest {
  readonly opened: readonly AlertProblem[];
  readonly resolved: readonly AlertProblem[];
  /** Open in all, those of this mail among them. */
  readonly open: number;
}

export interface Message {
  readonly subject: string;
  readonly text: string;
}

/** `place` names the installation, so that a test system is not taken for the real one. */
export function digestMessage(digest: Digest, tongue: Tongue, place: string, url: string): Message {
  const { opened, resolved, open } = digest;
  const line = (problem: AlertProblem) =>
    `• ${titleOf(problem, tongue)}${records(problem.records, tongue)}\n  ${url}/problems/${problem.id}`;
  const part = (title: string, list: readonly AlertProblem[]) =>
    list.length === 0
      ? []
      : [`${title}\n\n${list.slice(0, shown).map(line).join('\n')}${rest(list, tongue)}`];
  const counts =
    tongue === 'fr'
      ? `${opened.length} nouveau(x), ${resolved.length} résolu(s), ${open} ouvert(s)`
      : `${opened.length} new, ${resolved.length} resolved, ${open} open`;
  return {
    subject: `[Crossdock ${place}] ${tongue === 'fr' ? 'Problèmes' : 'Problems'}${tongue === 'fr' ? ' : ' : ': '}${counts}`,
    text: [
      ...part(tongue === 'fr' ? `Nouveaux (${opened.length})` : `New (${opened.length})`, opened),
      ...part(tongue === 'fr' ? `Résolus (${resolved.length})` : `Resolved (${resolved.length})`, resolved),
      `${tongue === 'fr' ? 'Tous les problèmes ouverts' : 'All open problems'}: ${open}\n${url}/problems`,
      foot(tongue, url),
    ].join('\n\n'),
  };
}

/** A mail stays readable: what is beyond this is counted and stands in the console. */
const shown = 50;
const rest = (list: readonly unknown[], tongue: Tongue): string =>
  list.length <= shown
    ? ''
    : `\n${tongue === 'fr' ? `… et ${list.length - shown} autres` : `… and ${list.length - shown} more`}`;
const foot = (tongue: Tongue, url: string): string =>
  tongue === 'fr'
    ? `Ce que vous recevez se règle ici : ${url}/profile`
    : `What you are told is set here: ${url}/profile`;

export function urgentMessage(problem: AlertProblem, tongue: Tongue, place: string, url: string): Message {
  const title = titleOf(problem, tongue);
  const where = [problem.connectionId, problem.flowId].filter(Boolean).join(' · ');
  return {
    subject: `[Crossdock ${place}] ${tongue === 'fr' ? 'Urgent : ' : 'Urgent: '}${title}`,
    text: [
      `${title}${records(problem.records, tongue)}`,
      where,
      `${url}/problems/${problem.id}`,
      foot(tongue, url),
    ]
      .filter(Boolean)
      .join('\n\n'),
  };
}

export function testMessage(tongue: Tongue, place: string): Message {
  return tongue === 'fr'
    ? {
        subject: `[Crossdock ${place}] Message d’essai`,
        text: 'Le serveur de messagerie fonctionne : ce message en est la preuve.',
      }
    : {
        subject: `[Crossdock ${place}] Test message`,
        text: 'The mail server works: this message proves it.',
      };
}

export function linkMessage(
  link: {
    readonly purpose: 'invite' | 'reset';
    readonly name: string;
    readonly url: string;
    readonly by: string;
  },
  place: string,
): Message {
  // The language of an invited person is not known yet: both.
  const invite = link.purpose === 'invite';
  return {
    subject: invite
      ? `[Crossdock ${place}] Invitation`
      : `[Crossdock ${place}] New password · Nouveau mot de passe`,
    text: [
      invite
        ? `${link.by} invites you to Crossdock. This link makes your account; it works once, within a week.`
        : 'This link sets a new password; it works once, within a day.',
      invite
        ? `${link.by} vous invite sur Crossdock. Ce lien crée votre compte ; il sert une fois, sous une semaine.`
        : 'Ce lien définit un nouveau mot de passe ; il sert une fois, sous un jour.',
      link.url,
    ].join('\n\n'),
  };
}
