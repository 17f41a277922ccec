// How is a connection opened? Settings and opened secrets through the connector's strict schemas, quotas declared,
// one session per connection and version, shared by all flows of this process.
import type { ChannelSession, Draft } from '../channels/channel.ts';
import { type ConnectionRow, listConnections, makeTokenCache, readSecrets } from '../connections/store.ts';
import type { Clock } from '../core/clock.ts';
import { ConnectionError } from '../core/errors.ts';
import type { Db } from '../db/pool.ts';
import type { QuotaGate } from '../engine/quota/gate.ts';
import type { ErpReport, ErpSession } from '../erp/erp.ts';
import type { Exchange } from '../http/exchange.ts';
import { type Gate, makeTools } from '../http/send.ts';
import type { Limit } from '../http/tools.ts';
import type { Vault } from '../vault/vault.ts';
import { channels, erps } from './connectors.ts';

export interface SessionParts {
  readonly db: Db;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly gate: QuotaGate;
  readonly record: (exchange: Exchange) => void;
}

export interface Sessions {
  channel(id: string): Promise<ChannelSession>;
  erp(id: string): Promise<{ readonly session: ErpSession; readonly report: ErpReport | undefined }>;
  /** Opens unsaved input, for a test before saving; its calls are counted under a scratch name. */
  scratch(input: {
    readonly connector: string;
    readonly settings: unknown;
    readonly secrets: unknown;
  }): Promise<{ channel?: ChannelSession; erp?: ErpSession }>;
  /** Trades the code of a channel's consent page for the secrets to keep. */
  redeem(
    connector: string,
    draft: Draft,
    secrets: Draft,
    answer: { readonly code: string; readonly redirectUri: string },
  ): Promise<Readonly<Record<string, string>>>;
}

export function makeSessions(parts: SessionParts): Sessions {
  const { db, vault, clock, gate, record } = parts;
  const tokens = makeTokenCache(db, vault, clock);
  const opened = new Map<
    string,
    { readonly version: string; readonly session: ChannelSession | ErpSession }
  >();

  async function open(
    connection: Pick<ConnectionRow, 'id' | 'connector' | 'settings'>,
    secrets: unknown,
    counted: Gate = gate,
  ) {
    const connector = channels[connection.connector] ?? erps[connection.connector];
    if (!connector)
      throw new ConnectionError(
        'CONNECTOR_UNKNOWN',
        `There is no connector “${connection.connector}” in this version.`,
      );
    const settings = parse(connector.settings, connection.settings, `settings of ${connection.id}`);
    const opened = parse(connector.secrets, secrets, `secrets of ${connection.id}`);
    if (counted === gate) await gate.open(connection.id, limitsOf(connector.limits, settings));
    return connector.open(
      settings as never,
      opened as never,
      makeTools(connection.id, { clock, gate: counted, tokens, record }) as never,
    );
  }

  async function session(id: string): Promise<{ row: ConnectionRow; session: ChannelSession | ErpSession }> {
    const row = (await listConnections(db)).find((connection) => connection.id === id);
    if (!row)
      throw new ConnectionError('CONNECTION_UNKNOWN', `There is no connection “${id}”.`, {
        nextSteps: ['List them with: crossdock connections list'],
      });
    const version = `${row.updatedAt.getTime()}/${JSON.stringify(row.settings)}`;
    const known = opened.get(id);
    if (known?.version === version) return { row, session: known.session };
    const fresh = await open(row, await readSecrets(db, vault, id));
    opened.set(id, { version, session: fresh });
    return { row, session: fresh };
  }

  return {
    channel: async (id) => (await session(id)).session as ChannelSession,
    async erp(id) {
      const { row, session: erp } = await session(id);
      return { session: erp as ErpSession, report: (row.report as ErpReport | null) ?? undefined };
    },
    async scratch(input) {
      const id = `scratch-${input.connector}`;
      await tokens.forget(id);
      const made = await open(
        { id, connector: input.connector, settings: input.settings },
        input.secrets,
        uncounted,
      );
      return input.connector in channels ? { channel: made as ChannelSession } : { erp: made as ErpSession };
    },
    async redeem(connector, draft, secrets, answer) {
      const authorisation = channels[connector]?.authorisation;
      if (!authorisation)
        throw new ConnectionError('AUTHORISATION_ABSENT', `“${connector}” has no authorisation page.`);
      const tools = makeTools(`scratch-${connector}`, { clock, gate: uncounted, tokens, record });
      return authorisation.redeem(draft, secrets, answer, tools);
    },
  };
}

/** A test of unsaved input is a handful of calls by hand: it has no row to be counted in. */
const uncounted: Gate = {
  enter: async () => () => undefined,
  refused: async () => undefined,
  learn: async () => undefined,
};

/** A concurrency limit may be set per connection (`concurrencyMax`): the published one is only where it starts. */
function limitsOf(limits: Limits, settings: unknown): Limits {
  const max = (settings as { concurrencyMax?: unknown }).concurrencyMax;
  if (typeof max !== 'number') return limits;
  return Object.fromEntries(
    Object.entries(limits).map(([bucket, limit]) => [
      bucket,
      limit.kind === 'concurrency' ? { ...limit, max } : limit,
    ]),
  );
}
type Limits = Readonly<Record<string, Limit>>;

export function parse<Value>(
  schema: {
    safeParse(
      input: unknown,
    ):
      | { success: true; data: Value }
      | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
  },
  input: unknown,
  what: string,
): Value {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new ConnectionError(
    'SETTINGS_INVALID',
    `The ${what} are not right: ${parsed.error.issues.map((issue) => `${issue.path.join('.') || 'whole'}: ${issue.message}`).join('; ')}.`,
    {
      field: first?.path.map(String).join('.') ?? '',
      nextSteps: ['Correct the named fields and save again.'],
    },
  );
}
