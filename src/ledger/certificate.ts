// Does a settlement tie out? Eight checks, each with the rows and cents that fail it; only when all hold is a certificate
// issued, signed, and readable without this program (features.md 5.6). Pure; flows/settlements/prove.ts brings the facts.
import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { formatMoney } from '../core/money.ts';
import type { SettlementFileFacts, SettlementHeader } from '../core/settlement.ts';
import type { BookDraft, BookedDocument } from '../erp/books.ts';
import { sizeOf } from './plan.ts';

export interface Check {
  readonly id: 'file' | 'classes' | 'rows' | 'read-back' | 'clearing' | 'reserve' | 'tax' | 'deposit';
  readonly title: string;
  readonly holds: boolean;
  /** What was found, in a sentence; when it fails, with the rows and the cents. */
  readonly found: string;
  /** Cents that are off, in minor units; 0 when it holds. */
  readonly minor: string;
  /** Row numbers at fault, the first ones. */
  readonly rows: readonly number[];
}

export interface ProofPosting {
  readonly key: string;
  readonly kind: string;
  readonly title: string;
  readonly minor: bigint;
  readonly through: 'clearing' | 'undeposited' | 'none';
  readonly state: string;
  readonly reason?: string;
  readonly drafts: readonly BookDraft[];
  readonly rows: readonly number[];
  readonly rowsMinor: bigint;
  /** What the books say of each draft and tie, by external id or id. */
  readonly documents: readonly BookedDocument[];
  readonly missing: readonly string[];
}

export interface Facts {
  readonly header: SettlementHeader;
  readonly file: SettlementFileFacts;
  readonly storedRows: number;
  readonly storedSum: bigint;
  readonly unclassified: readonly {
    readonly words: string;
    readonly rows: number;
    readonly minor: bigint;
    readonly firstRow: number;
  }[];
  readonly untied: { readonly rows: number; readonly minor: bigint };
  readonly postings: readonly ProofPosting[];
  readonly clearingAccounts: ReadonlySet<string>;
  readonly undepositedMinor: bigint;
  readonly taxLeft: readonly {
    readonly orderId: string;
    readonly marketplace: string;
    readonly minor: bigint;
    readonly firstRow: number;
  }[];
  readonly reserve: {
    readonly previous: bigint;
    readonly current: bigint;
    readonly before?: { readonly settlementId: string; readonly current: bigint };
  };
  readonly classes: readonly { readonly class: string; readonly rows: number; readonly minor: bigint }[];
}

const idsMax = 20;

export function checkSettlement(facts: Facts): readonly Check[] {
  const { currency } = facts.header.total;
  const money = (minor: bigint) => `${formatMoney({ minor, currency })} ${currency}`;
  const check = (
    id: Check['id'],
    title: string,
    holds: boolean,
    found: string,
    minor = 0n,
    rows: readonly number[] = [],
  ): Check => ({
    id,
    title,
    holds,
    found,
    minor: (holds ? 0n : minor).toString(),
    rows: rows.slice(0, idsMax),
  });
  const { total } = facts.header;
  const off = total.minor - facts.storedSum;
  return [
    check(
      'file',
      'The report is whole',
      off === 0n && facts.storedRows === facts.file.rows,
      `${facts.storedRows} of ${facts.file.rows} rows, adding up to ${money(facts.storedSum)} of ${money(total.minor)}; SHA-256 ${facts.file.sha256}`,
      off,
    ),
    check(
      'classes',
      'Every row has a meaning',
      facts.unclassified.length === 0,
      facts.unclassified.length === 0
        ? `${facts.storedRows} rows in ${facts.classes.length} classes`
        : facts.unclassified.map((one) => `“${one.words}”: ${one.rows} rows, ${money(one.minor)}`).join('; '),
      facts.unclassified.reduce((sum, one) => sum + one.minor, 0n),
      facts.unclassified.map((one) => one.firstRow),
    ),
    rowsTied(facts, check, money),
    readBack(facts, check, money),
    clearing(facts, check, money),
    reserve(facts, check, money),
    check(
      'tax',
      'Tax that Amazon keeps washes out',
      facts.taxLeft.length === 0,
      facts.taxLeft.length === 0
        ? 'tax charged and tax kept add up to zero in every order'
        : facts.taxLeft
            .slice(0, idsMax)
            .map((one) => `order ${one.orderId} (${one.marketplace}): ${money(one.minor)}`)
            .join('; '),
      facts.taxLeft.reduce((sum, one) => sum + one.minor, 0n),
      facts.taxLeft.map((one) => one.firstRow),
    ),
    deposit(facts, check, money),
  ];
}

type MakeCheck = (
  id: Check['id'],
  title: string,
  holds: boolean,
  found: string,
  minor?: bigint,
  rows?: readonly number[],
) => Check;
type Words = (minor: bigint) => string;

function rowsTied({ postings, untied, storedRows }: Facts, check: MakeCheck, money: Words): Check {
  const faults: string[] = [];
  const rows: number[] = [];
  let minor = untied.minor;
  if (untied.rows > 0) faults.push(`${untied.rows} rows (${money(untied.minor)}) belong to no posting`);
  for (const posting of postings) {
    if (
      posting.kind !== 'deposit' &&
      posting.rows.length > 0 &&
      posting.rowsMinor !== sumOfParts(postings, posting)
    ) {
      faults.push(
        `${posting.title}: its rows add up to ${money(posting.rowsMinor)}, it books ${money(posting.minor)}`,
      );
      minor += posting.rowsMinor - posting.minor;
      rows.push(...posting.rows);
    }
    if (posting.state !== 'booked') {
      faults.push(
        `${posting.title} (${money(posting.minor)}) is not booked${posting.reason ? `: ${posting.reason}` : ''}`,
      );
      minor += posting.minor;
      rows.push(...posting.rows);
    }
  }
  return check(
    'rows',
    'Every row is tied to documents in the books',
    faults.length === 0,
    faults.length === 0
      ? `${storedRows} rows in ${postings.length} postings`
      : faults.slice(0, idsMax).join('; '),
    minor,
    rows,
  );
}

/** A journal cut into parts carries its rows on the first part. */
function sumOfParts(postings: readonly ProofPosting[], first: ProofPosting): bigint {
  const match = /^(journal:.*:)1$/.exec(first.key);
  if (!match) return first.minor;
  return postings
    .filter((one) => one.key.startsWith(match[1]!) && /^\d+$/.test(one.key.slice(match[1]!.length)))
    .reduce((sum, one) => sum + one.minor, 0n);
}

function readBack({ postings }: Facts, check: MakeCheck, money: Words): Check {
  const faults: string[] = [];
  let minor = 0n;
  let count = 0;
  for (const posting of postings) {
    for (const id of posting.missing) faults.push(`${posting.title}: ${id} is not in the books`);
    for (const draft of posting.drafts) {
      const document = posting.documents.find(
        (one) => one.kind === draft.kind && one.externalId === draft.externalId,
      );
      if (!document) continue;
      count++;
      const expected = expectedTotal(draft);
      const total = document.total.minor < 0n ? -document.total.minor : document.total.minor;
      if (expected !== undefined && total !== expected) {
        faults.push(`${draft.externalId} is ${money(total)} in the books, ${money(expected)} was sent`);
        minor += total - expected;
      }
      for (const fault of accountFaults(draft, document)) {
        faults.push(
          `${draft.externalId}: account ${fault.accountId} moved by ${money(fault.found)}, ${money(fault.expected)} was sent`,
        );
        minor += fault.found - fault.expected;
      }
    }
  }
  return check(
    'read-back',
    'The books say what was sent',
    faults.length === 0,
    faults.length === 0 ? `${count} documents read back, all equal` : faults.slice(0, idsMax).join('; '),
    minor,
  );
}

/**
 * Invoices are made by the books from the order; fee lines change a document of another total. A journal that debits and
 * credits one account reads back smaller than it was sent: it is compared account by account instead.
 */
function expectedTotal(draft: BookDraft): bigint | undefined {
  return ['invoice', 'order-fees', 'journal'].includes(draft.kind) ? undefined : sizeOf(draft);
}

/** Journals and deposits name their accounts: each must have moved by exactly what was sent. */
function accountFaults(draft: BookDraft, document: BookedDocument) {
  const expected = new Map<string, bigint>();
  const add = (accountId: string, minor: bigint) =>
    expected.set(accountId, (expected.get(accountId) ?? 0n) + minor);
  if (draft.kind === 'journal')
    for (const { accountId, debit, credit } of draft.lines)
      add(accountId, debit ? debit.minor : -(credit?.minor ?? 0n));
  else if (draft.kind === 'deposit') {
    add(draft.accountId, draft.total.minor);
    for (const { accountId, amount } of draft.lines) add(accountId, -amount.minor);
  } else return [];
  const found = new Map<string, bigint>();
  for (const { accountId, minor } of document.effects)
    found.set(accountId, (found.get(accountId) ?? 0n) + minor);
  return [...expected]
    .map(([accountId, minor]) => ({ accountId, expected: minor, found: found.get(accountId) ?? 0n }))
    .filter((one) => one.expected !== one.found);
}

function clearing(
  { postings, clearingAccounts, undepositedMinor }: Facts,
  check: MakeCheck,
  money: Words,
): Check {
  const seen = new Set<string>();
  let minor = 0n;
  const parts: string[] = [];
  for (const posting of postings) {
    let moved = 0n;
    for (const document of posting.documents) {
      // One document may stand behind several postings (an order's cash sale); it moved the account once.
      // Fee lines are part of their sale, which is looked at as it is now.
      const key = `${document.kind} ${document.id}`;
      if (document.kind === 'order-fees' || seen.has(key)) continue;
      seen.add(key);
      for (const effect of document.effects)
        if (clearingAccounts.has(effect.accountId)) moved += effect.minor;
    }
    minor += moved;
    const expected =
      posting.through === 'undeposited' && posting.kind !== 'deposit'
        ? 0n
        : posting.kind === 'deposit'
          ? posting.minor + undepositedMinor
          : posting.minor;
    if (moved !== expected && posting.through === 'clearing')
      parts.push(`${posting.title} moved clearing by ${money(moved)} instead of ${money(expected)}`);
  }
  return check(
    'clearing',
    'Clearing is at zero after the deposit',
    minor === 0n,
    minor === 0n
      ? 'all documents of the settlement together move clearing by 0.00'
      : [`${money(minor)} is left on clearing`, ...parts.slice(0, idsMax)].join('; '),
    minor,
  );
}

function reserve({ reserve: { previous, current, before } }: Facts, check: MakeCheck, money: Words): Check {
  const title = 'The reserve rolls forward';
  if (before === undefined)
    return check(
      'reserve',
      title,
      true,
      `opening: ${money(previous)} released, ${money(-current)} kept; no earlier settlement is here to compare`,
    );
  const off = previous + before.current;
  return check(
    'reserve',
    title,
    off === 0n,
    off === 0n
      ? `${money(previous)} released is what settlement ${before.settlementId} kept; ${money(-current)} is kept now`
      : `${money(previous)} is released, and settlement ${before.settlementId} kept ${money(-before.current)}`,
    off,
  );
}

function deposit({ postings, header }: Facts, check: MakeCheck, money: Words): Check {
  const title = 'The deposit is in the books';
  if (header.total.minor === 0n) return check('deposit', title, true, 'nothing is paid out');
  const posting = postings.find((one) => one.kind === 'deposit');
  const wanted = header.total.minor < 0n ? 'journal' : 'deposit';
  const document = posting?.documents.find((one) => one.kind === wanted);
  const size = header.total.minor < 0n ? -header.total.minor : header.total.minor;
  if (!document)
    return check(
      'deposit',
      title,
      false,
      `no document for ${money(header.total.minor)} was found`,
      header.total.minor,
    );
  // A debt is closed by a journal, whose total is the sum of its debits; the clearing check proves its amount.
  const holds = wanted === 'journal' || document.total.minor === size;
  return check(
    'deposit',
    title,
    holds,
    `${document.kind} ${document.number} of ${document.date}: ${money(document.total.minor)}`,
    document.total.minor - size,
  );
}

/** `1-7,9,12-20` – exact, and short for settlements of any size. */
export function rangesOf(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < numbers.length; ) {
    let end = at;
    while (numbers[end + 1] === numbers[end]! + 1) end++;
    parts.push(end === at ? String(numbers[at]) : `${numbers[at]}-${numbers[end]}`);
    at = end + 1;
  }
  return parts.join(',');
}

export interface CertificateBody {
  readonly crossdockCertificate: 1;
  readonly issuedAt: string;
  readonly settlement: {
    readonly channel: string;
    readonly settlementId: string;
    readonly from: string;
    readonly to: string;
    readonly depositAt: string;
    readonly currency: string;
    readonly total: string;
    readonly variance: '0.00' | '0' | '0.000';
  };
  readonly file: SettlementFileFacts;
  readonly checks: readonly Check[];
  readonly classes: readonly { readonly class: string; readonly rows: number; readonly amount: string }[];
  readonly postings: readonly {
    readonly key: string;
    readonly title: string;
    readonly amount: string;
    readonly rows: string;
    readonly documents: readonly {
      readonly kind: string;
      readonly id: string;
      readonly number: string;
      readonly externalId: string;
      readonly date: string;
      readonly total: string;
    }[];
  }[];
}

export interface Certificate {
  readonly body: CertificateBody;
  readonly signature: {
    readonly algorithm: 'ed25519';
    readonly keyId: string;
    readonly publicKey: string;
    readonly value: string;
  };
}

export interface SigningKey {
  readonly id: string;
  readonly publicPem: string;
  readonly privatePem: string;
}

/** A new key; its id is the first half of its public part's SHA-256. */
export function makeSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    id: keyId(publicPem),
    publicPem,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
export const keyId = (publicPem: string): string =>
  createHash('sha256')
    .update(createPublicKey(publicPem).export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 32);

/** What is certified; only to be called when every check holds. */
export function certificateBody(facts: Facts, checks: readonly Check[], issuedAt: Date): CertificateBody {
  if (checks.some((one) => !one.holds))
    throw new TypeError('A certificate is issued only when every check holds.');
  const { header } = facts;
  const { currency } = header.total;
  const money = (minor: bigint) => formatMoney({ minor, currency });
  return {
    crossdockCertificate: 1,
    issuedAt: issuedAt.toISOString(),
    settlement: {
      channel: header.channel,
      settlementId: header.settlementId,
      from: header.startAt.toISOString(),
      to: header.endAt.toISOString(),
      depositAt: header.depositAt.toISOString(),
      currency,
      total: money(header.total.minor),
      variance: money(0n) as '0.00',
    },
    file: facts.file,
    checks,
    classes: facts.classes.map((one) => ({ class: one.class, rows: one.rows, amount: money(one.minor) })),
    postings: facts.postings.map((posting) => ({
      key: posting.key,
      title: posting.title,
      amount: money(posting.minor),
      rows: rangesOf(posting.rows),
      documents: posting.documents.map((one) => ({
        kind: one.kind,
        id: one.id,
        number: one.number,
        externalId: one.externalId,
        date: one.date,
        total: money(one.total.minor),
      })),
    })),
  };
}

/** Signs a body; the same body and key always give the same signature. */
export function signCertificate(body: CertificateBody, key: SigningKey): Certificate {
  const value = sign(null, Buffer.from(canonicalJson(body)), key.privatePem).toString('base64');
  return { body, signature: { algorithm: 'ed25519', keyId: key.id, publicKey: key.publicPem, value } };
}

export interface Verification {
  readonly genuine: boolean;
  readonly faults: readonly string[];
  readonly keyId: string;
  readonly body: CertificateBody;
}

/**
 * Checks a certificate with nothing but itself: the signature, that all checks hold, that the rows are complete and the
 * amounts add up. `trustedPem` is the house's public key; without it the reader must compare the key id himself.
 */
export function verifyCertificate(text: string, trustedPem?: string, fileSha256?: string): Verification {
  const { body, signature } = JSON.parse(text) as Certificate;
  const faults: string[] = [];
  const id = keyId(signature.publicKey);
  if (id !== signature.keyId) faults.push('The key id does not belong to the key.');
  if (trustedPem !== undefined && keyId(trustedPem) !== id)
    faults.push('It is signed with another key than the one given.');
  if (
    !verify(
      null,
      Buffer.from(canonicalJson(body)),
      trustedPem ?? signature.publicKey,
      Buffer.from(signature.value, 'base64'),
    )
  )
    faults.push('The signature does not fit: the certificate was changed after it was issued.');
  for (const check of body.checks) if (!check.holds) faults.push(`The check “${check.title}” does not hold.`);
  const minor = (decimal: string) => BigInt(decimal.replace('.', ''));
  const rows = body.postings.filter((one) => one.key !== 'deposit');
  const booked = rows.reduce((sum, one) => sum + minor(one.amount), 0n);
  if (booked !== minor(body.settlement.total))
    faults.push(
      `The postings add up to ${booked} (smallest units), the settlement to ${minor(body.settlement.total)}.`,
    );
  const classes = body.classes.reduce((sum, one) => sum + minor(one.amount), 0n);
  if (classes !== minor(body.settlement.total)) faults.push('The classes do not add up to the settlement.');
  const covered = rows
    .flatMap((one) => (one.rows === '' ? [] : one.rows.split(',')))
    .map((part) => part.split('-').map(Number) as [number, number?])
    .sort((a, b) => a[0] - b[0]);
  let next = 1;
  for (const [from, to = from] of covered) {
    if (from !== next)
      faults.push(
        from > next ? `Rows ${next} to ${from - 1} are tied to nothing.` : `Row ${from} is tied twice.`,
      );
    next = Math.max(next, to + 1);
  }
  if (next - 1 !== body.file.rows) faults.push(`${next - 1} rows are tied, the file has ${body.file.rows}.`);
  if (fileSha256 !== undefined && fileSha256 !== body.file.sha256)
    faults.push('The report given is not the one that was certified.');
  return { genuine: faults.length === 0, faults, keyId: id, body };
}

/** JSON with sorted names: the same content always gives the same bytes. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
}
