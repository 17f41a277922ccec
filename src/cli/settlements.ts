// crossdock settlements: payouts, their booking and their proof; and a certificate checked offline.
import { createReadStream, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { readSettlement } from '../channels/amazon/settlement-file.ts';
import { formatMoney } from '../core/money.ts';
import { type Check, verifyCertificate } from '../ledger/certificate.ts';
import { part, query, type Shell, verb } from './talk.ts';
import { table } from './terminal.ts';

type Json = Readonly<Record<string, unknown>>;
interface Shown {
  readonly settlement: Json;
  readonly waterfall: readonly Json[];
  readonly postings: readonly Json[];
}

const money = (minor: unknown, currency: unknown): string =>
  `${formatMoney({ minor: BigInt(String(minor)), currency: String(currency) })} ${String(currency)}`;
const at = (id: string, rest: string, flow: unknown): string =>
  query(`/settlements/${part(id)}${rest}`, { flow });

export function addSettlements(program: Command, shell: Shell): void {
  const noun = program.command('settlements').description('payouts, their booking and their proof');
  const flow = (command: Command) => command.option('--flow <id>', 'flow, where there are several');
  flow(
    verb(shell, noun, 'list', 'settlements, newest first', async (talk) => {
      const { items } = await talk.get<{ items: readonly Json[] }>(
        query('/settlements', { flow: talk.options['flow'] }),
      );
      talk.rows(
        {
          items: items.map((one) => ({
            ...one,
            total: money(one['totalMinor'], one['currency']),
            open: money(one['openMinor'], one['currency']),
          })),
        },
        ['settlementId', 'endAt', 'total', 'open', 'state', 'certified', 'reason'],
      );
    }),
  );
  flow(
    verb(shell, noun, 'show <id>', 'one settlement from sales to deposit', async (talk, id: string) => {
      const answer = await talk.get<Shown>(at(id, '', talk.options['flow']));
      const { currency, totalMinor } = answer.settlement;
      const amounts = (rows: readonly Json[]) =>
        rows.map((one) => ({ ...one, amount: money(one['minor'], currency) }));
      talk.show(answer, () =>
        [
          table(amounts(answer.waterfall), ['title', 'rows', 'amount']),
          `Deposit ${money(totalMinor, currency)}`,
          '',
          table(amounts(answer.postings), ['date', 'title', 'amount', 'state', 'reason']),
        ].join('\n'),
      );
    }),
  );
  flow(
    verb(
      shell,
      noun,
      'prove <id>',
      'read everything back from the books and make all checks',
      async (talk, id: string) => {
        const answer = await talk.ask<{ holds: boolean; checks: readonly Check[] }>(
          at(id, '/prove', talk.options['flow']),
          {},
        );
        talk.show(answer, () =>
          [
            ...answer.checks.map((one) => `${one.holds ? 'holds' : 'FAILS'}  ${one.title}: ${one.found}`),
            answer.holds ? 'Certified: variance 0.00.' : 'Not certified.',
          ].join('\n'),
        );
        if (!answer.holds) talk.fail();
      },
    ),
  );
  flow(
    verb(shell, noun, 'certificate <id>', 'the signed certificate, as JSON', async (talk, id: string) => {
      talk.terminal.out(JSON.stringify(await talk.get(at(id, '/certificate', talk.options['flow']))));
    }),
  );
  verb(shell, noun, 'key', 'the public key that certificates are checked with', async (talk) => {
    const key = await talk.get<{ publicPem: string }>('/settlement-key');
    talk.show(key, () => key.publicPem.trim());
  });
  flow(
    verb(
      shell,
      noun,
      'post <id>',
      'book a settlement now, approving what waits; --dry-run shows the postings',
      async (talk, id: string) => {
        const of = talk.options['flow'];
        if (talk.options.dryRun) {
          const answer = await talk.get<{
            plan: { blockers: readonly Json[]; wanted: readonly string[]; postings: readonly Json[] };
          }>(at(id, '/plan', of));
          const { blockers, wanted, postings } = answer.plan;
          return talk.show(answer, () =>
            [
              ...blockers.map((one) => `STOPS: ${String(one['message'])}`),
              ...(wanted.length > 0 ? [`Orders to be fetched first: ${wanted.join(', ')}`] : []),
              table(postings, ['date', 'title', 'minor', 'state']),
            ].join('\n'),
          );
        }
        const { settlement } = await talk.get<Shown>(at(id, '', of));
        const waits = (settlement['problem'] as Json | null)?.['code'] === 'SETTLEMENT_NEEDS_APPROVAL';
        const answer = waits
          ? await talk.change('POST', at(id, '/approve', of))
          : await talk.change('POST', '/records/retry', { ids: [String(settlement['recordId'])] });
        talk.show(answer, () => (waits ? 'Approved; it is booked now.' : 'Put back into the queue.'));
      },
      'changes',
    ),
  );
  flow(
    verb(
      shell,
      noun,
      'import <file>',
      'bring a settlement file by hand',
      async (talk, file: string) => {
        const flowId = talk.options['flow'];
        const answer = await talk.change<Json>('POST', '/settlements/import', {
          ...(flowId ? { flow: flowId } : {}),
          content: readFileSync(file).toString('base64'),
        });
        if (answer)
          talk.show(
            answer,
            () => `Settlement ${String(answer['settlementId'])}: ${String(answer['outcome'])}`,
          );
      },
      'changes',
    ),
  );
  verb(
    shell,
    noun,
    'verify <file>',
    'check a certificate, with no server and no network',
    async (talk, file: string) => {
      const { key: keyFile, report } = talk.options;
      const key = keyFile ? readFileSync(String(keyFile), 'utf8') : undefined;
      const outcome = verifyCertificate(
        readFileSync(file, 'utf8'),
        key,
        report ? await hashOfReport(String(report)) : undefined,
      );
      const { settlement } = outcome.body;
      talk.show(outcome, () =>
        outcome.genuine
          ? `Genuine: settlement ${settlement.settlementId}, ${settlement.total} ${settlement.currency}, variance ${settlement.variance}.\nSigned with key ${outcome.keyId}${key ? '' : ' – compare it with the issuer’s, or give --key'}.`
          : ['NOT GENUINE', ...outcome.faults.map((fault) => `  ${fault}`)].join('\n'),
      );
      if (!outcome.genuine) talk.fail();
    },
  )
    .option('--key <pem>', 'file with the issuer’s public key')
    .option('--report <file>', 'the settlement report that was certified');
}

/** The hash of the report's unpacked bytes, as the certificate names it. */
async function hashOfReport(path: string): Promise<string> {
  const reading = await readSettlement(createReadStream(path));
  for await (const batch of reading.batches) void batch.length;
  return reading.facts().sha256;
}
