// What did Amazon pay out, how did it get into the books, and does it tie? Lists, one settlement as a waterfall, rows behind
// every figure, rules, certificate, what lies between settlements, and the month's close pack.
import { z } from 'zod';
import { RecordError } from '../core/errors.ts';
import { formatMoney } from '../core/money.ts';
import { listFlows } from '../engine/tasks/store.ts';
import type { RowClass } from '../ledger/classes.ts';
import { accountRoles, classes, classInfo, isRowClass } from '../ledger/classes.ts';
import { defaultRules } from '../ledger/default-rules.ts';
import { itemRoles } from '../ledger/settings.ts';
import { lastJudgement, listSettlements, type SettlementLine } from '../settlements/reads/store.ts';
import { readPostings, readRules } from '../settlements/store.ts';
import {
  approved,
  between,
  certificate,
  editions,
  feeFindings,
  importedSettlement,
  publicKey,
  retriedSettlements,
  ruleInput,
  settlementDetail,
  settlementList,
  settlementPlan,
  settlementProof,
  settlementRows,
  settlementRules,
} from './contract/settlements.ts';
import { type Api, route, whole } from './route.ts';
import type { ApiParts } from './server.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is a day such as 2026-03-31');
const flow = z.object({
  flow: z.string().min(1).max(200).optional().describe('Needed when there are several flows of settlements.'),
});
const named = z.object({ id: z.string().regex(/^[A-Za-z0-9-]{4,40}$/) });
/** A settlement of 100 MB in base64, the size Celigo takes as well. */
const uploadBytesMax = 140 * 1024 * 1024;

export function addSettlements(api: Api, { db, operations }: ApiParts): void {
  const flowOf = async (given: string | undefined): Promise<string> => {
    if (given !== undefined) return given;
    const flows = (await listFlows(db)).filter((one) => one.kind === 'settlements.import');
    if (flows.length === 1) return flows[0]!.id;
    throw refusal(flows.map((one) => one.id));
  };
  api.get(
    '/settlements',
    route('read', 'Settlements, newest first', { querystring: flow, answer: settlementList }),
    async (request) => whole((await listSettlements(db, { flowId: request.query.flow })).map(shown)),
  );
  api.get(
    '/settlements/:id',
    route('read', 'One settlement: from sales to deposit, postings, checks', {
      params: named,
      querystring: flow,
      answer: settlementDetail,
    }),
    async (request) => {
      const flowId = await flowOf(request.query.flow);
      const { id } = request.params;
      const [line] = await listSettlements(db, { flowId, settlementId: id });
      if (!line) throw notFound(id);
      const judgement = await lastJudgement(db, flowId, id);
      return {
        settlement: shown(line),
        waterfall: waterfall(line),
        postings: (await readPostings(db, flowId, id)).map(({ posting, state, documents, approvedBy }) => ({
          key: posting.key,
          kind: posting.kind,
          title: posting.title,
          marketplace: posting.marketplace,
          date: posting.date,
          belongsTo: posting.belongsTo ?? null,
          minor: posting.minor,
          rows: posting.rows,
          state,
          reason: posting.reason ?? null,
          needsApproval: posting.needsApproval,
          approvedBy: approvedBy ?? null,
          drafts: posting.drafts,
          documents,
        })),
        checks: ((judgement?.document as { checks?: unknown[] } | undefined)?.checks ?? []) as unknown[],
      };
    },
  );
  api.get(
    '/settlements/:id/rows',
    route('read', 'The rows behind a figure: by class, posting or order', {
      params: named,
      querystring: flow.extend({
        class: z.string().optional(),
        posting: z.string().optional(),
        order: z.string().optional(),
        cursor: z.string().regex(/^\d+$/).default('0'),
        limit: z.coerce.number().int().min(1).max(1000).default(200),
      }),
      answer: settlementRows,
    }),
    async (request) => {
      const { flow: given, cursor, limit, ...filter } = request.query;
      const items = await operations.settlementRows(await flowOf(given), request.params.id, {
        ...filter,
        after: Number(cursor),
        limit,
      });
      return { items, next: items.length === limit ? String(items.at(-1)!.rowNumber) : null };
    },
  );
  api.get(
    '/settlements/:id/plan',
    route('read', 'What would be booked now (dry run)', {
      params: named,
      querystring: flow,
      answer: settlementPlan,
    }),
    async (request) => operations.planSettlement(await flowOf(request.query.flow), request.params.id),
  );
  api.post(
    '/settlements/:id/prove',
    route('write', 'Read everything back from the books and make all checks', {
      params: named,
      querystring: flow,
      answer: settlementProof,
    }),
    async (request) => operations.proveSettlement(await flowOf(request.query.flow), request.params.id),
  );
  api.post(
    '/settlements/:id/approve',
    route('write', 'Let the postings above the limit go', {
      params: named,
      querystring: flow,
      answer: approved,
    }),
    async (request) => ({
      approved: await operations.approveSettlement(
        await flowOf(request.query.flow),
        request.params.id,
        request.caller!.name,
      ),
    }),
  );
  api.get(
    '/settlements/:id/certificate',
    route('read', 'The signed certificate', { params: named, querystring: flow, answer: certificate }),
    async (request) => operations.settlementCertificate(await flowOf(request.query.flow), request.params.id),
  );
  api.get(
    '/settlements/:id/certificate.pdf',
    route('read', 'The certificate on paper', {
      params: named,
      querystring: flow,
      answer: z.string().describe('PDF'),
    }),
    async (request, reply) => {
      const pdf = await operations.settlementCertificatePdf(
        await flowOf(request.query.flow),
        request.params.id,
      );
      return reply
        .type('application/pdf')
        .header('content-disposition', `attachment; filename="settlement-${request.params.id}.pdf"`)
        .serializer((payload: unknown) => payload as string)
        .send(pdf);
    },
  );
  api.get(
    '/settlements/:id/differences',
    route('read', 'How later versions of the file differ from the first', {
      params: named,
      querystring: flow,
      answer: editions,
    }),
    async (request) =>
      whole(await operations.settlementDifferences(await flowOf(request.query.flow), request.params.id)),
  );
  api.post(
    '/settlements/import',
    {
      ...route('write', 'Bring a settlement file by hand, in base64 (gzip or not)', {
        body: flow.extend({ content: z.base64() }),
        answer: importedSettlement,
      }),
      bodyLimit: uploadBytesMax,
    },
    async (request) => {
      const bytes = Buffer.from(request.body.content, 'base64');
      return operations.importSettlement(
        await flowOf(request.body.flow),
        pieces(bytes),
        request.caller!.name,
      );
    },
  );
  api.get(
    '/settlement-rules',
    route('read', 'The meaning of words: the owner’s rules, the shipped ones, classes, accounts', {
      querystring: flow,
      answer: settlementRules,
    }),
    async (request) => {
      const flowId = await flowOf(request.query.flow);
      const connection = (await listFlows(db)).find((one) => one.id === flowId)?.channelConnectionId ?? '';
      return {
        owner: await readRules(db, connection),
        defaults: defaultRules,
        classes: (Object.keys(classes) as RowClass[]).map((name) => ({
          class: name,
          title: classInfo(name).title,
          treatment: classInfo(name).treatment,
          accountRole: classInfo(name).role,
        })),
        accountRoles: Object.entries(accountRoles).map(([role, title]) => ({ role, title })),
        itemRoles: Object.entries(itemRoles).map(([role, title]) => ({ role, title })),
      };
    },
  );
  api.put(
    '/settlement-rules',
    route('write', 'Say what some words mean; settlements that waited go on', {
      querystring: flow,
      body: ruleInput,
      answer: retriedSettlements,
    }),
    async (request) => {
      const { class: name, ...words } = request.body;
      if (!isRowClass(name)) throw no('CLASS_UNKNOWN', `“${name}” is not a class of settlement rows.`);
      return {
        retried: await operations.saveSettlementRule(
          await flowOf(request.query.flow),
          { ...words, class: name },
          request.caller!.name,
        ),
      };
    },
  );
  api.get(
    '/settlement-key',
    route('read', 'The public key that certificates are checked with', { answer: publicKey }),
    async () => operations.signingPublicKey(),
  );
  api.get(
    '/settlements-between',
    route('read', 'Earned, deferred, reserved, released, deposited; forecast of cash', {
      querystring: flow.extend({ from: day, to: day }),
      answer: between,
    }),
    async (request) =>
      operations.betweenSettlements(await flowOf(request.query.flow), request.query.from, request.query.to),
  );
  api.get(
    '/settlement-fees',
    route('read', 'Odd fees and reimbursements owed', {
      querystring: flow.extend({ last: z.coerce.number().int().min(1).max(100).default(6) }),
      answer: feeFindings,
    }),
    async (request) => operations.feeAudit(await flowOf(request.query.flow), request.query.last),
  );
  api.get(
    '/settlement-close.csv',
    route('read', 'Close pack of a month: every posting dated or belonging to it', {
      querystring: flow.extend({ month: z.string().regex(/^\d{4}-\d{2}$/) }),
      answer: z.string().describe('CSV'),
    }),
    async (request, reply) => {
      const flowId = await flowOf(request.query.flow);
      const { month } = request.query;
      const lines = [
        [
          'settlement',
          'currency',
          'posting',
          'date',
          'belongs to',
          'amount',
          'rows',
          'state',
          'documents',
          'certified',
        ],
      ];
      for (const line of await listSettlements(db, { flowId, limit: 1000 }))
        for (const { posting, state, documents } of await readPostings(db, flowId, line.settlementId))
          if (posting.date.startsWith(month) || posting.belongsTo?.startsWith(month))
            lines.push([
              line.settlementId,
              line.currency,
              posting.title,
              posting.date,
              posting.belongsTo ?? '',
              formatMoney({ minor: posting.minor, currency: line.currency }),
              String(posting.rows),
              state,
              documents.map((one) => `${one.kind} ${one.id}`).join(' '),
              line.certified ? 'yes' : 'no',
            ]);
      return reply
        .type('text/csv; charset=utf-8')
        .serializer((payload: unknown) => payload as string)
        .send(`${lines.map((cells) => cells.map(csvCell).join(',')).join('\r\n')}\r\n`);
    },
  );
}

async function* pieces(bytes: Buffer, size = 1 << 16): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A cell that a spreadsheet would take for a formula is made plain text; amounts are left alone. */
const csvCell = (text: string): string => {
  const safe = /^[=+@]|^-(?![\d.]+$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const shown = ({ summary: _summary, ...line }: SettlementLine) => line;

/** Classes in the fixed order of their meaning; together they are the deposit. */
function waterfall({ summary }: SettlementLine) {
  const sums = (summary?.['classes'] ?? {}) as Record<
    string,
    { readonly minor: string; readonly rows: number }
  >;
  return (Object.keys(classes) as RowClass[]).flatMap((name) => {
    const sum = sums[name];
    const { title, treatment, role } = classInfo(name);
    return sum
      ? [{ class: name, title, treatment, accountRole: role, rows: sum.rows, minor: sum.minor }]
      : [];
  });
}

const no = (code: string, message: string, nextSteps: readonly string[] = []) =>
  new RecordError(code, message, { nextSteps });
const notFound = (id: string) =>
  no('SETTLEMENT_UNKNOWN', `There is no settlement ${id}.`, ['List them with: crossdock settlements list']);
const refusal = (flows: readonly string[]) =>
  flows.length === 0
    ? no('FLOW_UNKNOWN', 'No flow imports settlements.', ['Make a flow of kind settlements.import.'])
    : no('FLOW_NOT_NAMED', `Several flows import settlements: ${flows.join(', ')}.`, [
        'Name one with “flow”.',
      ]);
