// What may be done with connections: test, save, pause, remove, read lists, make a certificate.
import { writeAudit } from '../../audit/store.ts';
import {
  dateSecrets,
  flowsUsing,
  listConnections,
  readPendingSecrets,
  readSecrets,
  removeConnectionRow,
  type SecretDates,
  saveConnectionRow,
  savePendingSecrets,
  saveReport,
  setConnectionRowState,
} from '../../connections/store.ts';
import { asSyncError } from '../../core/errors.ts';
import { inTransaction } from '../../db/pool.ts';
import { generateCertificate } from '../../erp/netsuite/certificate.ts';
import { resolveConnectionProblems, resolveExpiryProblems } from '../../problems/store.ts';
import { channels, erps } from '../connectors.ts';
import { plainProblem } from '../dry-run.ts';
import type { ConnectionInput, Operations } from '../operations.ts';
import { parse } from '../sessions.ts';
import { type OperateParts, refuse } from './parts.ts';

export function connectionOperations(
  parts: OperateParts,
): Pick<
  Operations,
  | 'testConnection'
  | 'saveConnection'
  | 'removeConnection'
  | 'setConnectionState'
  | 'choices'
  | 'makeCertificate'
  | 'completeCertificate'
> {
  const { db, vault, clock, sessions } = parts;
  async function stored(id: string) {
    const row = (await listConnections(db)).find((connection) => connection.id === id);
    if (!row)
      throw refuse('CONNECTION_UNKNOWN', `There is no connection “${id}”.`, [
        'List them with: crossdock connections list',
      ]);
    return row;
  }
  return {
    async testConnection(input) {
      try {
        if ('connector' in input) {
          const secrets = withStored(await readSecrets(db, vault, input.id), input.secrets);
          const { channel, erp } = await sessions.scratch({
            connector: input.connector,
            settings: input.settings,
            secrets,
          });
          return { ok: true, report: await (channel ?? erp)!.check() };
        }
        const row = await stored(input.id);
        const session =
          row.side === 'channel' ? await sessions.channel(row.id) : (await sessions.erp(row.id)).session;
        const report = await session.check();
        await inTransaction(db, async (tx) => {
          await saveReport(tx, row.id, report, clock.now());
          if (row.state === 'broken')
            await setConnectionRowState(tx, row.id, 'active', undefined, clock.now());
          await resolveConnectionProblems(tx, row.id, clock.now(), 'check');
        });
        parts.wake();
        return { ok: true, report };
      } catch (thrown) {
        return { ok: false, problem: plainProblem(asSyncError(thrown)) };
      }
    },
    async saveConnection(input: ConnectionInput, actor) {
      const connector = channels[input.connector] ?? erps[input.connector];
      if (!connector)
        throw refuse('CONNECTOR_UNKNOWN', `There is no connector “${input.connector}”.`, [
          `Use one of: ${[...Object.keys(channels), ...Object.keys(erps)].join(', ')}.`,
        ]);
      if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(input.id))
        throw refuse(
          'CONNECTION_ID_INVALID',
          'A connection’s id has lower-case letters, digits and hyphens, at most 40.',
        );
      const settings = parse(connector.settings as never, input.settings, `settings of ${input.id}`);
      const known = await readSecrets(db, vault, input.id);
      const secrets = parse(
        connector.secrets as never,
        input.secrets === undefined ? known : withStored(known, input.secrets),
        `secrets of ${input.id}`,
      );
      await inTransaction(db, async (tx) => {
        await saveConnectionRow(
          tx,
          vault,
          {
            id: input.id,
            side: input.connector in channels ? 'channel' : 'erp',
            connector: input.connector,
            title: input.title,
            settings,
            demo: input.demo ?? false,
            secrets,
          },
          clock.now(),
        );
        await dateSecrets(tx, input.id, datesOfChanged(input.connector, known, secrets, clock.now()));
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'connection.saved',
          subject: `connection:${input.id}`,
          detail: { connector: input.connector, secretsChanged: input.secrets !== undefined },
        });
      });
      parts.wake();
    },
    async removeConnection(id, actor) {
      await stored(id);
      const flows = await flowsUsing(db, id);
      if (flows.length > 0)
        throw refuse('CONNECTION_IN_USE', `The connection “${id}” is used by ${flows.join(', ')}.`, [
          'Pause it instead: what was imported stays explainable.',
        ]);
      await inTransaction(db, async (tx) => {
        await removeConnectionRow(tx, id);
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'connection.removed',
          subject: `connection:${id}`,
        });
      });
    },
    async setConnectionState(id, state, actor) {
      await stored(id);
      await inTransaction(db, async (tx) => {
        await setConnectionRowState(
          tx,
          id,
          state,
          state === 'paused' ? { code: 'PAUSED', message: `Paused by ${actor}.` } : undefined,
          clock.now(),
        );
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: `connection.${state === 'paused' ? 'paused' : 'resumed'}`,
          subject: `connection:${id}`,
        });
      });
      parts.wake();
    },
    async choices(connectionId, kind, search) {
      await stored(connectionId);
      return (await sessions.erp(connectionId)).session.choices(kind, search);
    },
    async makeCertificate(connectionId, actor) {
      const row = await stored(connectionId);
      const made = await generateCertificate({
        commonName: `crossdock-${connectionId}`,
        notBefore: clock.now(),
      });
      const known = (await readSecrets(db, vault, connectionId)) as { privateKeyPem?: string } | undefined;
      // A key in use stays in force until NetSuite accepts the new one: rotating must not stop the shop.
      const inUse = known?.privateKeyPem !== undefined && row.report !== null;
      await inTransaction(db, async (tx) => {
        if (inUse)
          await savePendingSecrets(tx, vault, connectionId, {
            privateKeyPem: made.privateKeyPem,
            expiresAt: made.expiresAt,
          });
        else {
          await saveConnectionRow(
            tx,
            vault,
            { ...row, secrets: { ...known, privateKeyPem: made.privateKeyPem } },
            clock.now(),
          );
          await dateSecrets(tx, connectionId, {
            privateKeyPem: { since: clock.now().toISOString(), expiresAt: made.expiresAt },
          });
        }
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'connection.certificate-made',
          subject: `connection:${connectionId}`,
          detail: { expiresAt: made.expiresAt },
        });
      });
      return { certificatePem: made.certificatePem, expiresAt: made.expiresAt, pending: inUse };
    },
    async completeCertificate(connectionId, certificateId, actor) {
      const row = await stored(connectionId);
      const pending = await readPendingSecrets(db, vault, connectionId);
      if (!pending?.['privateKeyPem'])
        throw refuse('CERTIFICATE_NOT_PENDING', 'No new certificate waits to be taken into use.', [
          'Make a new certificate first, upload it to NetSuite, then enter its certificate id.',
        ]);
      const settings = { ...(row.settings as object), certificateId };
      const secrets = {
        ...((await readSecrets(db, vault, connectionId)) as object | undefined),
        privateKeyPem: pending['privateKeyPem'],
      };
      try {
        const { erp } = await sessions.scratch({ connector: row.connector, settings, secrets });
        const report = await erp!.check();
        const now = clock.now();
        await inTransaction(db, async (tx) => {
          await saveConnectionRow(tx, vault, { ...row, settings, secrets }, now);
          await savePendingSecrets(tx, vault, connectionId, undefined);
          await dateSecrets(tx, connectionId, {
            privateKeyPem: {
              since: now.toISOString(),
              ...(pending['expiresAt'] ? { expiresAt: pending['expiresAt'] } : {}),
            },
          });
          await saveReport(tx, connectionId, report, now);
          await resolveExpiryProblems(tx, connectionId, now, actor);
          await writeAudit(tx, {
            at: now,
            actor,
            action: 'connection.certificate-taken',
            subject: `connection:${connectionId}`,
            detail: { certificateId },
          });
        });
        parts.wake();
        return { ok: true, report };
      } catch (thrown) {
        return { ok: false, problem: plainProblem(asSyncError(thrown)) };
      }
    },
  };
}

/** Secrets not given stay as they are; an empty text takes one away. */
function withStored(known: unknown, given: unknown): Record<string, unknown> {
  const merged = { ...(known as object | undefined), ...(given as object | undefined) };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== '' && value !== undefined),
  );
}

const dayMs = 24 * 60 * 60_000;

/** When secrets that changed just now were given, and when they end as far as the connector knows. */
function datesOfChanged(connector: string, before: unknown, after: unknown, now: Date): SecretDates {
  const known = (before ?? {}) as Readonly<Record<string, unknown>>;
  const lives = channels[connector]?.secretLifeDays ?? {};
  return Object.fromEntries(
    Object.entries(after as Readonly<Record<string, unknown>>)
      .filter(([name, value]) => value !== undefined && value !== known[name])
      .map(([name]) => {
        const days = lives[name];
        return [
          name,
          {
            since: now.toISOString(),
            ...(days === undefined
              ? {}
              : { expiresAt: new Date(now.getTime() + days * dayMs).toISOString() }),
          },
        ];
      }),
  );
}
