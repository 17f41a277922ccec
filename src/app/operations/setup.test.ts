import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type RunningNetSuite, startNetSuite } from '../../../sim/netsuite/server.ts';
import { type AmazonSimulator, startAmazon } from '../../../sim/sp-api/server.ts';
import { testDatabase } from '../../../test/setup/database.ts';
import { type App, buildApp } from '../app.ts';
import { readConfig } from '../config.ts';

describe('setting up a shop', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'crossdock-setup-'));
  const actor = 'Ada';
  let closeDatabase: () => Promise<void>;
  let app: App;
  let amazon: AmazonSimulator;
  let netsuite: RunningNetSuite;
  let id = '';

  before(async () => {
    const database = await testDatabase();
    closeDatabase = database.close;
    [amazon, netsuite] = await Promise.all([startAmazon({ quotas: 'lifted' }), startNetSuite()]);
    amazon.world.generate({ count: 40, spreadHours: 48 });
    app = await buildApp({ ...readConfig({ dataDir }), logLevel: 'silent' }, database.url);
  });
  after(async () => {
    await app.close();
    await Promise.all([amazon.close(), netsuite.close()]);
    await closeDatabase();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const setup = async () => (await app.operations.listSetups()).items.find((one) => one.id === id)!;
  const control = (url: string, path: string, body: object) =>
    fetch(`${url}/_sim/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then((answer) => answer.json() as Promise<Record<string, string>>);

  test('the same set-up goes on when it is begun again', async () => {
    id = await app.operations.startSetup('real', actor);
    assert.equal(await app.operations.startSetup('real', actor), id);
    assert.equal((await setup()).step, 'netsuite');
  });

  test('a role with gaps is named in full, and passes once it is mended', async () => {
    const connection = await app.operations.connectErp(
      id,
      { settings: { accountId: 'SIM1234567', hostTemplate: netsuite.url } },
      actor,
    );
    const made = await app.operations.makeCertificate(connection, actor);
    assert.equal(made.pending, false);
    const { kid, clientId } = await control(netsuite.url, 'certificates', { pem: made.certificatePem });
    await app.operations.connectErp(id, { settings: { clientId, certificateId: kid } }, actor);
    await control(netsuite.url, 'roles', { drop: ['LIST_SHIPITEM', 'TRAN_ITEMSHIP'] });
    const refused = await app.operations.testConnection({ id: connection });
    assert.ok(!refused.ok);
    assert.equal(refused.problem.code, 'ROLE_LACKS_PERMISSION');
    const missing = refused.problem.facts['missing'] as readonly { key: string; level: string }[];
    assert.deepEqual(missing.map((one) => one.key).sort(), ['LIST_SHIPITEM', 'TRAN_ITEMSHIP']);
    await control(netsuite.url, 'roles', { reset: true });
    assert.ok((await app.operations.testConnection({ id: connection })).ok);
  });

  test('the role file lets everything pass that the wizard asks the account', async () => {
    const { permissions } = await import('../../erp/netsuite/role.ts');
    const keys = permissions.map((one) => one.permkey).join('</permkey><permkey>');
    const form = new URLSearchParams({ xml: `<permkey>${keys}</permkey>` });
    await fetch(`${netsuite.url}/app/setup/role`, { method: 'POST', body: form, redirect: 'manual' });
    const connection = (await setup()).erpConnectionId!;
    assert.ok((await app.operations.testConnection({ id: connection })).ok);
    for (const kind of ['customer', 'location', 'tax-code', 'item', 'custom-body-field'] as const)
      assert.ok((await app.operations.choices(connection, kind)).length > 0, kind);
  });

  test('Amazon is authorised by its own page; the state works once and only for the person who was sent', async () => {
    const { credentials } = amazon;
    const settings = {
      region: 'na',
      marketplaceIds: ['ATVPDKIKX0DER'],
      applicationId: amazon.applicationId,
      baseUrl: amazon.url,
      tokenUrl: `${amazon.url}/auth/o2/token`,
      sellerCentralUrl: amazon.url,
    };
    const secrets = { clientId: credentials.clientId, clientSecret: credentials.clientSecret };
    const saved = await app.operations.connectChannel(id, { settings, secrets }, actor);
    assert.equal(saved.connectionId, null);
    assert.deepEqual([...(await setup()).secretsGiven].sort(), ['clientId', 'clientSecret']);
    assert.doesNotMatch(JSON.stringify(await setup()), new RegExp(credentials.clientSecret));

    const consent = async () => {
      const { url } = await app.operations.beginAuthorisation(
        { setupId: id },
        'http://127.0.0.1:4380',
        actor,
      );
      const page = await fetch(url);
      assert.equal(page.status, 200);
      const form = new URLSearchParams(new URL(url).search);
      form.set('agreed', 'yes');
      const sent = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
      return new URL(sent.headers.get('location')!);
    };
    const back = await consent();
    assert.equal(back.pathname, '/connect/amazon');
    const answer = {
      state: back.searchParams.get('state')!,
      code: back.searchParams.get('spapi_oauth_code')!,
      sellerId: back.searchParams.get('selling_partner_id')!,
    };
    const wrong = { code: 'AUTHORISATION_STATE_WRONG' };
    await assert.rejects(app.operations.completeAuthorisation(answer, 'Eve'), wrong);
    await assert.rejects(
      app.operations.completeAuthorisation({ ...answer, state: `${answer.state}x` }, actor),
      wrong,
    );
    await app.operations.completeAuthorisation(answer, actor);
    await assert.rejects(app.operations.completeAuthorisation(answer, actor), wrong);
    const connection = (await setup()).channelConnectionId;
    assert.equal(connection, 'amazon');
    assert.ok((await app.operations.testConnection({ id: connection })).ok);
  });

  test('going live is refused while a question is open or no order was tried', async () => {
    await assert.rejects(app.operations.goLive(id, actor), { code: 'ANSWER_MISSING' });
  });

  test('questions come with lists and suggestions out of the accounts, and recent orders fit the answers', async () => {
    const questions = await app.operations.questions(id);
    assert.ok(questions.open.includes('marketplaceRecord'));
    assert.ok((questions.lists['location']?.items.length ?? 0) > 1);
    const suggested = questions.suggested as {
      items: Record<string, string>;
      marketplaces: Record<string, Record<string, string>>;
      shipMethods: Record<string, string>;
    };
    assert.equal(suggested.items['shippingDiscount'], 'Amazon Shipping Discount');
    assert.equal(suggested.items['shipping'], 'Amazon Shipping');
    const market = suggested.marketplaces['ATVPDKIKX0DER']!;
    const location = questions.lists['location']?.items.find((one) => one.id === market['locationId']);
    assert.equal(location?.name, 'Main Warehouse');
    const orders = {
      ...suggested,
      goLiveAt: new Date(Date.now() - 24 * 3_600_000).toISOString(),
      marketplaceRecord: 'cash-sale',
    };
    await app.operations.saveAnswers(id, { step: 'questions', answers: { orders } }, actor);
    await assert.rejects(app.operations.goLive(id, actor), { code: 'CHECK_FIRST' });
    const before = await netsuiteCreations();
    const readiness = await app.operations.checkSetup(id, 20, actor);
    assert.equal(readiness.orders.length, 20);
    assert.ok(readiness.fits > 5, JSON.stringify(readiness.orders.find((one) => one.verdict === 'unfit')));
    assert.equal(readiness.tallies['total']!.equal, readiness.tallies['total']!.compared);
    for (const one of readiness.orders.filter((order) => order.verdict === 'unfit'))
      assert.ok(one.problem ? one.problem.nextSteps.length > 0 : one.checks.some((check) => !check.equal));
    assert.equal(await netsuiteCreations(), before, 'a dry run writes nothing');
  });

  const netsuiteCreations = async () =>
    (
      (await (await fetch(`${netsuite.url}/_sim/calls`)).json()) as {
        operations: Record<string, { count: number }>;
      }
    ).operations['record.customer.upsert']?.count ?? 0;

  test('live, paused, resumed, rolled back: documents that NetSuite still allows are undone, no other', async () => {
    await app.operations.goLive(id, actor);
    assert.equal((await setup()).state, 'live');
    await app.worker.start();
    const enough = async () =>
      (await app.operations.madeBySetup(id, undefined)).items.filter((one) => one.mayUndo);
    for (let tries = 0; tries < 200 && (await enough()).length < 3; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await app.operations.pauseSetup(id, actor);
    await app.operations.resumeSetup(id, actor);
    await assert.rejects(app.operations.undoMade(id, ['1'], actor), { code: 'NOT_ROLLED_BACK' });
    await app.operations.rollBack(id, actor);
    await app.worker.stop();
    const { items } = await app.operations.madeBySetup(id, undefined);
    const outcomes = await app.operations.undoMade(
      id,
      items.map((one) => one.recordId),
      actor,
    );
    assert.ok(outcomes.some((one) => one.undone));
    for (const outcome of outcomes) {
      const made = items.find((one) => one.recordId === outcome.recordId)!;
      if (outcome.undone) assert.equal(made.kind, 'sales-order');
      else assert.ok(outcome.reason.length > 10);
    }
    const undone = items.find(
      (one) => one.recordId === outcomes.find((outcome) => outcome.undone)!.recordId,
    )!;
    const all = (await (await fetch(`${netsuite.url}/_sim/transactions?limit=500&type=SalesOrd`)).json()) as {
      items: readonly { externalId: string; lines: readonly { closed: boolean }[] }[];
    };
    const closed = all.items.find((one) => one.externalId?.endsWith(undone.channelOrderId));
    assert.ok(closed?.lines.every((line) => line.closed));
    const again = await app.operations.undoMade(id, [undone.recordId], actor);
    assert.equal(again[0]?.undone, false);
  });

  test('a certificate is rotated without a gap: the old key stays until NetSuite takes the new one', async () => {
    const connection = (await setup()).erpConnectionId!;
    const made = await app.operations.makeCertificate(connection, actor);
    assert.equal(made.pending, true);
    assert.ok((await app.operations.testConnection({ id: connection })).ok);
    const wrong = await app.operations.completeCertificate(connection, 'unknown', actor);
    assert.ok(!wrong.ok);
    assert.ok((await app.operations.testConnection({ id: connection })).ok);
    const { kid } = await control(netsuite.url, 'certificates', { pem: made.certificatePem });
    assert.ok((await app.operations.completeCertificate(connection, kid!, actor)).ok);
    assert.ok((await app.operations.testConnection({ id: connection })).ok);
  });
});
