// Does simulated Amazon tell the seller's money truly? Settlement files, transactions and returns against Amazon's own
// models, against each other and against the simulator's own sums.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type AmazonSimulator, startAmazon } from '../../sim/sp-api/server.ts';
import {
  contractsMissing,
  loadModel,
  operationOf,
  type SpApiModel,
  validateResponse,
} from './spapi-models.ts';

type Json = Record<string, unknown>;
const dayMs = 86_400_000;
const settlementType = 'GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2';
const warehouseReturns = 'GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA';
const merchantReturns = 'GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE';

interface Truth {
  readonly id: string;
  readonly market: string;
  readonly currency: string;
  readonly endsMs: number;
  readonly total: number;
  readonly reserve: number;
  readonly rows: number;
  readonly byClass: Readonly<Record<string, number>>;
}
interface Report {
  readonly reportId: string;
  readonly reportDocumentId: string;
  readonly createdTime: string;
}

let amazon: AmazonSimulator;
let access = '';
let models: SpApiModel[] = [];

async function login(): Promise<void> {
  const { credentials } = amazon;
  const answer = await fetch(`${amazon.url}/auth/o2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: credentials.refreshToken,
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
    }),
  });
  access = ((await answer.json()) as { access_token: string }).access_token;
}

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
  const url = new URL(path, amazon.url);
  const answer = await fetch(url, {
    method,
    headers: { 'x-amz-access-token': access, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const value = (await answer.json()) as Json;
  const model = models.find((one) => operationOf(one, method, url.pathname));
  assert.ok(model || contractsMissing, `No model has ${method} ${url.pathname}.`);
  if (model) assert.deepEqual(validateResponse(model, method, url.pathname, answer.status, value), []);
  return { status: answer.status, body: value };
}
const control = async <T>(path: string, body?: unknown, method = body ? 'POST' : 'GET'): Promise<T> =>
  (await (
    await fetch(`${amazon.url}/_sim${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
  ).json()) as T;

async function reports(): Promise<Report[]> {
  const all: Report[] = [];
  const since = new Date(amazon.world.clock.now() - 90 * dayMs + 1_000).toISOString();
  let query = new URLSearchParams({ reportTypes: settlementType, createdSince: since, pageSize: '3' });
  for (;;) {
    const { body } = await call('GET', `/reports/2021-06-30/reports?${query}`);
    all.push(...(body['reports'] as Report[]));
    if (typeof body['nextToken'] !== 'string') return all;
    query = new URLSearchParams({ nextToken: body['nextToken'] });
  }
}

async function download(documentId: string, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<string> {
  const { body } = await call('GET', `/reports/2021-06-30/documents/${documentId}`);
  assert.equal(body['compressionAlgorithm'], 'GZIP');
  const bytes = Buffer.from(await (await fetch(String(body['url']))).arrayBuffer());
  return gunzipSync(bytes).toString(encoding);
}

async function reportOf(type: string, days: number): Promise<string> {
  const now = amazon.world.clock.now();
  const { status, body } = await call('POST', '/reports/2021-06-30/reports', {
    reportType: type,
    marketplaceIds: ['ATVPDKIKX0DER'],
    dataStartTime: new Date(now - days * dayMs).toISOString(),
    dataEndTime: new Date(now).toISOString(),
  });
  assert.equal(status, 202);
  amazon.world.clock.advance(200_000);
  const report = (await call('GET', `/reports/2021-06-30/reports/${String(body['reportId'])}`)).body;
  assert.equal(report['processingStatus'], 'DONE');
  return download(String(report['reportDocumentId']));
}

const rowsOf = (text: string) => {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const names = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
};
const cents = (text = '') => BigInt(text.replace(/[.,]/, ''));

before(async () => {
  amazon = await startAmazon({ quotas: 'lifted', seed: 'money-6' });
  if (!contractsMissing) models = ['reports_2021-06-30', 'finances_2024-06-19'].map(loadModel);
  await login();
  amazon.world.generate({ count: 400, spreadHours: 24 * 100 });
});
after(() => amazon.close());

describe('settlements of simulated Amazon', () => {
  test('every file sums to its control row and to the truth, in each marketplace’s writing', async () => {
    const { items } = await control<{ items: Truth[] }>('/settlements');
    const listed = await reports();
    assert.ok(listed.length >= 8, `${listed.length} reports`);
    const seen = new Set<string>();
    for (const report of listed) {
      const text = await download(report.reportDocumentId, 'latin1');
      const [control = {}, ...rows] = rowsOf(text);
      const truth = items.find((one) => one.id === control['settlement-id'])!;
      seen.add(truth.id);
      assert.equal(rows.length, truth.rows);
      assert.equal(cents(control['total-amount']), BigInt(truth.total));
      assert.equal(
        rows.reduce((sum, row) => sum + cents(row['amount']), 0n),
        BigInt(truth.total),
      );
      assert.match(
        rows[0]!['posted-date-time']!,
        truth.currency === 'USD' ? /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/ : /^\d\d\.\d\d\.\d{4} .* UTC$/,
      );
      assert.ok(rows.every((row) => row['total-amount'] === '' && row['currency'] === ''));
      assert.equal(truth.byClass['tax-withheld'] ?? 0, -(truth.byClass['tax'] ?? 0) + ownTax(rows));
    }
    assert.ok(listed.length > seen.size, 'no settlement is told twice');
    assert.ok(
      items.some((one) => one.total < 0),
      'no settlement is negative',
    );
  });

  test('a reserve held back comes with the next settlement', async () => {
    const { items } = await control<{ items: Truth[] }>('/settlements');
    for (const market of new Set(items.map((one) => one.market))) {
      const own = items.filter((one) => one.market === market);
      for (const [index, one] of own.entries()) {
        const before = own[index - 1]?.reserve ?? 0;
        assert.equal(one.byClass['reserve'] ?? 0, before - one.reserve);
      }
    }
  });

  test('what was earned is deferred, open, reserved or paid', async () => {
    const { markets } = await control<{ markets: Record<string, number>[] }>('/money');
    for (const one of markets) {
      assert.ok(one['earned']! > 0 && one['deferred']! > 0);
      assert.equal(one['earned'], one['deferred']! + one['open']! + one['reserve']! + one['paid']!);
    }
  });

  test('a settlement report cannot be requested, and is gone after ninety days', async () => {
    const { status } = await call('POST', '/reports/2021-06-30/reports', {
      reportType: settlementType,
      marketplaceIds: ['ATVPDKIKX0DER'],
    });
    assert.equal(status, 400);
    const oldest = (await reports()).at(-1)!;
    assert.ok(Date.parse(oldest.createdTime) > amazon.world.clock.now() - 90 * dayMs);
    const early = new Date(amazon.world.clock.now() - 91 * dayMs).toISOString();
    const refused = await call(
      'GET',
      `/reports/2021-06-30/reports?reportTypes=${settlementType}&createdSince=${early}`,
    );
    assert.equal(refused.status, 400);
  });

  test('a page token stands alone', async () => {
    const { body } = await call(
      'GET',
      `/reports/2021-06-30/reports?reportTypes=${settlementType}&pageSize=1`,
    );
    const token = String(body['nextToken']);
    const both = await call('GET', `/reports/2021-06-30/reports?pageSize=1&nextToken=${token}`);
    assert.equal(both.status, 400);
  });

  test('a decimal comma can be asked for', async () => {
    await control(
      '/settlements/locale',
      { marketplaceId: 'A1F83G8C2ARO7P', decimal: ',', dates: 'dotted', encoding: 'latin1' },
      'PUT',
    );
    const { items } = await control<{ items: Truth[] }>('/settlements');
    const british = new Set(items.filter((one) => one.currency === 'GBP').map((one) => one.id));
    amazon.world.clock.advance(14 * dayMs);
    await login();
    for (const report of (await reports()).slice(0, 3)) {
      const text = await download(report.reportDocumentId);
      if (british.has(rowsOf(text)[0]!['settlement-id']!)) continue;
      const [control] = rowsOf(text);
      if (control!['currency'] === 'GBP') assert.match(control!['total-amount']!, /^-?\d+,\d\d$/);
    }
  });
});

/** Tax that the seller owes itself has no row that withholds it again. */
const ownTax = (rows: readonly Record<string, string>[]): number =>
  Number(
    rows
      .filter((row) => /^(Tax|MarketplaceFacilitatorTax-Principal)$/.test(row['amount-description']!))
      .filter(
        (row) => /^(Order|Order_Retrocharge)$/.test(row['transaction-type']!) || withheldRefund(rows, row),
      )
      .reduce((sum, row) => sum + cents(row['amount']), 0n),
  );
const withheldRefund = (rows: readonly Record<string, string>[], row: Record<string, string>): boolean =>
  rows.some(
    (other) =>
      other['adjustment-id'] === row['adjustment-id'] &&
      other['order-item-code'] === row['order-item-code'] &&
      other['amount-type'] === 'ItemWithheldTax',
  );

describe('transactions of simulated Amazon', () => {
  interface Transaction {
    readonly transactionId: string;
    readonly transactionStatus: string;
    readonly totalAmount: { readonly currencyAmount: number };
    readonly marketplaceDetails: { readonly marketplaceId: string };
    readonly relatedIdentifiers: readonly {
      readonly relatedIdentifierName: string;
      readonly relatedIdentifierValue: string;
    }[];
    readonly contexts?: readonly Json[];
  }
  async function transactions(query: Record<string, string>): Promise<Transaction[]> {
    const all: Transaction[] = [];
    let token: string | undefined;
    let empty = 0;
    do {
      const { body } = await call(
        'GET',
        `/finances/2024-06-19/transactions?${new URLSearchParams({ ...query, ...(token ? { nextToken: token } : {}) })}`,
      );
      const payload = body['payload'] as { transactions: Transaction[]; nextToken?: string };
      if (payload.transactions.length === 0 && payload.nextToken) empty++;
      all.push(...payload.transactions);
      token = payload.nextToken;
    } while (token !== undefined);
    if (all.length > 200) assert.ok(empty > 0, 'no page was empty');
    return all;
  }
  const since = (days: number) => new Date(amazon.world.clock.now() - days * dayMs).toISOString();

  test('open and released transactions sum to what was earned', async () => {
    const all = await transactions({ postedAfter: since(150) });
    assert.equal(new Set(all.map((one) => one.transactionId)).size, all.length);
    const { markets } = await control<{ markets: Record<string, unknown>[] }>('/money');
    // Everything that shows with up to two days' delay has shown after the world was moved on.
    for (const market of markets) {
      const sum = (status: string) =>
        all
          .filter(
            (one) =>
              one.marketplaceDetails.marketplaceId === market['marketplaceId'] &&
              one.transactionStatus === status,
          )
          .reduce((total, one) => total + Math.round(one.totalAmount.currencyAmount * 100), 0);
      assert.equal(sum('DEFERRED') + sum('RELEASED'), market['earned']);
      assert.equal(sum('DEFERRED'), market['deferred']);
    }
  });

  test('a deferred one says when it matures, and a released one names its release', async () => {
    const deferred = await transactions({ postedAfter: since(150), transactionStatus: 'DEFERRED' });
    for (const one of deferred)
      assert.ok(Date.parse(String(one.contexts?.[0]?.['maturityDate'])) > amazon.world.clock.now());
    const over = await transactions({ postedAfter: since(150), transactionStatus: 'DEFERRED_RELEASED' });
    const released = new Set(
      (await transactions({ postedAfter: since(150), transactionStatus: 'RELEASED' })).map(
        (one) => one.transactionId,
      ),
    );
    assert.ok(over.length > 0);
    for (const one of over) {
      const release = one.relatedIdentifiers.find(
        (id) => id.relatedIdentifierName === 'RELEASE_TRANSACTION_ID',
      );
      assert.ok(release && released.has(release.relatedIdentifierValue));
    }
  });

  test('times that Amazon refuses are refused, and half a year is answered with nothing', async () => {
    const at = (ms: number) => new Date(amazon.world.clock.now() + ms).toISOString();
    for (const query of [{}, { postedAfter: at(-30_000) }, { postedAfter: at(-dayMs), postedBefore: at(0) }])
      assert.equal(
        (await call('GET', `/finances/2024-06-19/transactions?${new URLSearchParams(query)}`)).status,
        400,
      );
    assert.deepEqual(await transactions({ postedAfter: since(190) }), []);
  });

  test('a settlement’s summary is its total', async () => {
    const [first] = (await control<{ items: Truth[] }>('/settlements')).items;
    const { body } = await call(
      'GET',
      `/finances/2024-06-19/summary?relatedIdentifierName=SETTLEMENT_ID&relatedIdentifierValue=${first!.id}`,
    );
    const [summary] = body['summaries'] as { netProceeds: { currencyAmount: number } }[];
    assert.equal(Math.round(summary!.netProceeds.currencyAmount * 100), first!.total);
  });
});

describe('returns of simulated Amazon', () => {
  test('the warehouse report has each unit once, with its plate', async () => {
    const rows = rowsOf(await reportOf(warehouseReturns, 150));
    assert.ok(rows.length > 3);
    assert.equal(new Set(rows.map((row) => row['license-plate-number'])).size, rows.length);
    for (const row of rows) assert.ok(amazon.world.order(row['order-id']!), row['order-id']);
  });

  test('the merchant report names order and SKU, within sixty days only', async () => {
    const rows = rowsOf(await reportOf(merchantReturns, 59));
    for (const row of rows) assert.ok(row['Order ID'] && row['Merchant SKU'] && row['Return quantity']);
    const { status } = await call('POST', '/reports/2021-06-30/reports', {
      reportType: merchantReturns,
      marketplaceIds: ['ATVPDKIKX0DER'],
      dataStartTime: since(70),
      dataEndTime: since(0),
    });
    assert.equal(status, 400);
  });
  const since = (days: number) => new Date(amazon.world.clock.now() - days * dayMs).toISOString();
});
