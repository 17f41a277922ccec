// How does a shop come from nothing to live? Answers are kept step by step, accounts are connected one after the other,
// then the flows are made. Going live and back: go-live.ts; real orders tried beforehand: readiness.ts.
import { randomBytes } from 'node:crypto';
import { writeAudit } from '../../audit/store.ts';
import { listConnections, readSecrets } from '../../connections/store.ts';
import { inTransaction } from '../../db/pool.ts';
import {
  addSetup,
  beginAuthorisation,
  changeSetup,
  listSetups,
  openDraft,
  readSetup,
  removeSetup,
  type SetupRow,
  sealDraft,
  spendAuthorisation,
} from '../../setup/store.ts';
import { channels } from '../connectors.ts';
import type { Operations, SetupOperations, SetupView } from '../operations.ts';
import { type PracticeFacts, practiceConnections } from '../practice.ts';
import { type OperateParts, refuse } from './parts.ts';

const hourMs = 60 * 60_000;
/** One set-up connects these; another pair of systems would be asked for here. */
export const setupConnectors = { channel: 'amazon', erp: 'netsuite' } as const;

export async function setupById({ db }: Pick<OperateParts, 'db'>, id: string): Promise<SetupRow> {
  const setup = await readSetup(db, id);
  if (!setup) throw refuse('SETUP_UNKNOWN', `There is no set-up “${id}”.`, ['Begin one under Set-up.']);
  return setup;
}

type Connecting = Pick<Operations, 'saveConnection' | 'testConnection'>;

export function setupOperations(
  parts: OperateParts,
  connecting: Connecting,
): Pick<
  SetupOperations,
  | 'listSetups'
  | 'startSetup'
  | 'saveAnswers'
  | 'dropSetup'
  | 'connectErp'
  | 'connectChannel'
  | 'beginAuthorisation'
  | 'completeAuthorisation'
> {
  const { db, vault, clock, practice } = parts;

  return {
    async listSetups() {
      const items = [];
      for (const row of await listSetups(db)) items.push(await view(parts, row));
      return { items, practice: { available: practice.available, facts: practice.facts() ?? null } };
    },
    async startSetup(kind, actor) {
      if (kind === 'practice') {
        if (!practice.available)
          throw refuse('PRACTICE_UNAVAILABLE', 'There is no practice world here.', [
            'Start Crossdock on your own machine with: npm start',
          ]);
        await practice.start();
      }
      const known = await listSetups(db);
      const open = known.find(
        (setup) => setup.kind === kind && (kind === 'practice' || setup.state === 'open'),
      );
      if (open) return open.id;
      const id =
        kind === 'practice'
          ? 'practice'
          : freeId(
              'shop',
              known.map((setup) => setup.id),
            );
      await inTransaction(db, async (tx) => {
        await addSetup(tx, { id, kind, step: 'netsuite' }, actor, clock.now());
        await audit(tx, 'setup.begun', id, actor);
      });
      return id;
    },
    async saveAnswers(setupId, change, actor) {
      await setupById(parts, setupId);
      await changeSetup(db, setupId, change, actor, clock.now());
    },
    async dropSetup(setupId, actor) {
      const setup = await setupById(parts, setupId);
      if (setup.liveAt)
        throw refuse(
          'SETUP_WAS_LIVE',
          'A shop that was live is kept, so that its documents stay explained.',
          ['Pause it or roll it back instead.'],
        );
      await inTransaction(db, async (tx) => {
        await removeSetup(tx, setupId);
        await audit(tx, 'setup.dropped', setupId, actor);
      });
    },
    async connectErp(setupId, input, actor) {
      const setup = await setupById(parts, setupId);
      if (input.useId !== undefined) {
        const row = (await listConnections(db)).find((one) => one.id === input.useId && one.side === 'erp');
        if (!row) throw refuse('CONNECTION_UNKNOWN', `There is no connection “${input.useId}”.`);
        await changeSetup(db, setupId, { erpConnectionId: row.id }, actor, clock.now());
        return row.id;
      }
      const id = setup.erpConnectionId ?? (await connectionIdFor(setup, 'erp'));
      const stored = (await listConnections(db)).find((one) => one.id === id);
      await connecting.saveConnection(
        {
          id,
          connector: setupConnectors.erp,
          title:
            input.title ?? stored?.title ?? (setup.kind === 'practice' ? 'NetSuite (practice)' : 'NetSuite'),
          settings: {
            ...(stored?.settings as object | undefined),
            ...input.settings,
            ...(setup.kind === 'practice' ? { hostTemplate: practiceFacts().netsuite.hostTemplate } : {}),
          },
          secrets: input.secrets ?? {},
          demo: setup.kind === 'practice',
        },
        actor,
      );
      await changeSetup(db, setupId, { erpConnectionId: id }, actor, clock.now());
      return id;
    },
    async connectChannel(setupId, input, actor) {
      const setup = await setupById(parts, setupId);
      const draft = { ...(setup.answers['amazon'] as object | undefined), ...input.settings };
      const secrets = { ...(await openDraft(db, vault, setupId)), ...filledTexts(input.secrets ?? {}) };
      await inTransaction(db, async (tx) => {
        await sealDraft(tx, vault, setupId, secrets);
        await changeSetup(tx, setupId, { answers: { amazon: draft } }, actor, clock.now());
      });
      return { connectionId: await saveChannel(setup, draft, secrets, actor, input.title) };
    },
    async beginAuthorisation(target, origin, actor) {
      const state = randomBytes(24).toString('base64url');
      const redirectUri = `${origin.replace(/\/$/, '')}/connect/amazon`;
      const { connector, draft } = await draftOf(target);
      const authorisation = channels[connector]?.authorisation;
      if (!authorisation) throw refuse('AUTHORISATION_ABSENT', `“${connector}” has no authorisation page.`);
      const url = authorisation.consentUrl(draft, { state, redirectUri });
      const now = clock.now();
      await beginAuthorisation(
        db,
        {
          setupId: 'setupId' in target ? target.setupId : null,
          connectionId: 'connectionId' in target ? target.connectionId : null,
          redirectUri,
          state,
          actor,
        },
        now,
        new Date(now.getTime() + hourMs),
      );
      return { url, redirectUri };
    },
    async completeAuthorisation({ state, code, sellerId }, actor) {
      const begun = await spendAuthorisation(db, state, actor, clock.now());
      if (!begun)
        throw refuse(
          'AUTHORISATION_STATE_WRONG',
          'This answer does not belong to an authorisation that you began here, or it was used already.',
          ['Start the authorisation again from Set-up or Connections, in this browser.'],
        );
      const target = begun.setupId ? { setupId: begun.setupId } : { connectionId: begun.connectionId! };
      const { connector, draft, secrets } = await draftOf(target);
      const got = await parts.sessions.redeem(connector, draft, secrets, {
        code,
        redirectUri: begun.redirectUri,
      });
      const settings = { ...draft, ...(sellerId ? { sellerId } : {}) };
      if (begun.setupId) {
        const setup = await setupById(parts, begun.setupId);
        const all = { ...secrets, ...got };
        await inTransaction(db, async (tx) => {
          await sealDraft(tx, vault, setup.id, all);
          await changeSetup(tx, setup.id, { answers: { amazon: settings } }, actor, clock.now());
          await audit(tx, 'setup.authorised', setup.id, actor);
        });
        await saveChannel(setup, settings, all, actor);
      } else {
        const row = (await listConnections(db)).find((one) => one.id === begun.connectionId)!;
        await connecting.saveConnection(
          { id: row.id, connector: row.connector, title: row.title, settings: row.settings, secrets: got },
          actor,
        );
      }
      return { setupId: begun.setupId, connectionId: begun.connectionId };
    },
  };

  async function audit(tx: typeof db, action: string, id: string, actor: string): Promise<void> {
    await writeAudit(tx, { at: clock.now(), actor, action, subject: `setup:${id}` });
  }

  function practiceFacts(): PracticeFacts {
    const facts = practice.facts();
    if (!facts)
      throw refuse('PRACTICE_STOPPED', 'The practice world does not run.', [
        'Begin to practise again under Set-up.',
      ]);
    return facts;
  }

  async function connectionIdFor(setup: SetupRow, side: 'channel' | 'erp'): Promise<string> {
    if (setup.kind === 'practice') return practiceConnections[side];
    return freeId(
      setupConnectors[side],
      (await listConnections(db)).map((one) => one.id),
    );
  }

  /** Saves the channel's connection once everything needed is there; until then the draft stays sealed in the set-up. */
  async function saveChannel(
    setup: SetupRow,
    draft: Readonly<Record<string, unknown>>,
    secrets: Readonly<Record<string, unknown>>,
    actor: string,
    title?: string,
  ): Promise<string | null> {
    const settings = { ...draft, ...practiceHosts(setup) };
    const connector = channels[setupConnectors.channel]!;
    if (!connector.settings.safeParse(settings).success || !connector.secrets.safeParse(secrets).success)
      return null;
    const id = setup.channelConnectionId ?? (await connectionIdFor(setup, 'channel'));
    await connecting.saveConnection(
      {
        id,
        connector: setupConnectors.channel,
        title: title ?? (setup.kind === 'practice' ? 'Amazon (practice)' : 'Amazon'),
        settings,
        secrets,
        demo: setup.kind === 'practice',
      },
      actor,
    );
    await changeSetup(db, setup.id, { channelConnectionId: id }, actor, clock.now());
    return id;
  }

  function practiceHosts(setup: SetupRow): object {
    if (setup.kind !== 'practice') return {};
    const { baseUrl } = practiceFacts().amazon;
    return { baseUrl, tokenUrl: `${baseUrl}/auth/o2/token`, sellerCentralUrl: baseUrl };
  }

  async function draftOf(target: { readonly setupId: string } | { readonly connectionId: string }) {
    if ('setupId' in target) {
      const setup = await setupById(parts, target.setupId);
      const draft = { ...(setup.answers['amazon'] as object | undefined), ...practiceHosts(setup) };
      return { connector: setupConnectors.channel, draft, secrets: await openDraft(db, vault, setup.id) };
    }
    const row = (await listConnections(db)).find((one) => one.id === target.connectionId);
    if (!row) throw refuse('CONNECTION_UNKNOWN', `There is no connection “${target.connectionId}”.`);
    return {
      connector: row.connector,
      draft: row.settings as Readonly<Record<string, unknown>>,
      secrets: ((await readSecrets(db, vault, row.id)) ?? {}) as Readonly<Record<string, unknown>>,
    };
  }
}

async function view({ db, vault }: OperateParts, row: SetupRow): Promise<SetupView> {
  return {
    ...row,
    readiness: row.readiness as SetupView['readiness'],
    checkedAt: row.checkedAt?.toISOString() ?? null,
    liveAt: row.liveAt?.toISOString() ?? null,
    updatedAt: row.updatedAt.toISOString(),
    secretsGiven: Object.keys(await openDraft(db, vault, row.id)),
  };
}

const filledTexts = (secrets: object) =>
  Object.fromEntries(
    Object.entries(secrets).filter(([, value]) => typeof value === 'string' && value.trim() !== ''),
  );

function freeId(stem: string, taken: readonly string[]): string {
  if (!taken.includes(stem)) return stem;
  let number = 2;
  while (taken.includes(`${stem}-${number}`)) number++;
  return `${stem}-${number}`;
}
