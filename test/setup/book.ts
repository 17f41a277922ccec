// A small double-entry book for tests and proofs: it takes drafts and shows their effect on accounts, by rules of its own.
// Account ids are the words of the kinds (`clearing`, `sales`), so that a trial balance reads like a page of a ledger.
import { OutcomeUnknownError } from '../../src/core/errors.ts';
import type { Money } from '../../src/core/money.ts';
import type {
  AccountingPeriod,
  BilledDocument,
  BookDraft,
  BookedDocument,
  BookKind,
  BookLine,
  BookRef,
  BookStore,
  OrderInBooks,
} from '../../src/erp/books.ts';
import { accountRoles } from '../../src/ledger/classes.ts';
import type { BookSettings } from '../../src/ledger/settings.ts';
import { bookSettings } from '../../src/ledger/settings.ts';

const itemAccount: Readonly<Record<string, string>> = {
  refund: 'returns',
  'refund-shipping': 'returns',
  'refund-other': 'returns',
  'refund-discount': 'discounts',
  'refund-tax': 'sales-tax-payable',
  chargeback: 'chargebacks',
};

/** Settings in which every kind is an account of its own name and every item leads to one. */
export function testSettings(changes: object = {}): BookSettings {
  const names = Object.keys(accountRoles);
  return bookSettings.parse({
    timeZone: 'America/Los_Angeles',
    accounts: { '*': Object.fromEntries(names.map((name) => [name, name])) },
    items: Object.fromEntries([...Object.keys(itemAccount), ...names].map((name) => [name, name])),
    settlementCustomerId: 'amazon',
    ...changes,
  });
}

interface Stored extends BookedDocument {
  readonly draft?: BookDraft;
}

export interface TestBook extends BookStore {
  /** An order sold as an invoice (or cash sale): sale lines by account. */
  sell(orderId: string, lines: Readonly<Record<string, bigint>>, how?: SaleWish): void;
  balances(): Record<string, bigint>;
  documents(): readonly Stored[];
  /** How many of the next writes lose their answer; `before` loses them before anything is written. */
  loseAnswers(count: number, when: 'before' | 'after'): void;
  periodsAre(periods: readonly AccountingPeriod[]): void;
}

interface SaleWish {
  readonly as?: 'invoice' | 'cash-sale' | 'sales-order';
  readonly account?: string;
  readonly currency?: string;
  readonly date?: string;
}

export function makeBook(): TestBook {
  const stored: Stored[] = [];
  const byExternal = new Map<string, Stored>();
  const orders = new Map<string, OrderInBooks>();
  const unbilled = new Map<
    string,
    { orderId: string; lines: Readonly<Record<string, bigint>>; currency: string }
  >();
  const open = new Map<string, bigint>();
  const ids = new Map<string, BilledDocument>();
  let periods: readonly AccountingPeriod[] = [];
  let lost = { count: 0, when: 'after' as 'before' | 'after' };
  let last = 0;

  const balances = (): Record<string, bigint> => {
    const total: Record<string, bigint> = {};
    for (const { effects } of stored)
      for (const { accountId, minor } of effects) total[accountId] = (total[accountId] ?? 0n) + minor;
    return Object.fromEntries(Object.entries(total).filter(([, minor]) => minor !== 0n));
  };

  function keep(
    kind: BookKind,
    externalId: string,
    date: string,
    total: Money,
    effects: Record<string, bigint>,
    draft?: BookDraft,
  ): Stored {
    const list = Object.entries(effects)
      .filter(([, minor]) => minor !== 0n)
      .map(([accountId, minor]) => ({ accountId, minor }));
    const sum = list.reduce((left, one) => left + one.minor, 0n);
    if (sum !== 0n) throw new Error(`${kind} ${externalId} does not balance: ${sum}.`);
    const id = String(++last);
    const document: Stored = {
      kind,
      id,
      number: `N${id}`,
      externalId,
      date,
      total,
      effects: list,
      ...(draft ? { draft } : {}),
    };
    stored.push(document);
    byExternal.set(`${kind} ${externalId}`, document);
    return document;
  }

  const idOf = (ref: BookRef): string => {
    if ('id' in ref) return ref.id;
    const found = byExternal.get(`${ref.kind} ${ref.externalId}`);
    if (!found) throw new Error(`${ref.kind} ${ref.externalId} is not in the book.`);
    return found.id;
  };

  const take = (id: string, minor: bigint): void => {
    const left = (open.get(id) ?? 0n) - minor;
    if (left < 0n) throw new Error(`Document ${id} has ${open.get(id) ?? 0n} open, and ${minor} is applied.`);
    open.set(id, left);
  };

  const lineEffects = (lines: readonly BookLine[], sign: bigint, total: Money): Record<string, bigint> => {
    const effects: Record<string, bigint> = {};
    let sum = 0n;
    for (const { itemId, amount } of lines) {
      const account = itemAccount[itemId] ?? itemId;
      effects[account] = (effects[account] ?? 0n) + sign * amount.minor;
      sum += amount.minor;
    }
    if (sum !== total.minor) throw new Error(`Lines add up to ${sum}, the total is ${total.minor}.`);
    return effects;
  };

  function plus(effects: Record<string, bigint>, account: string, minor: bigint): Record<string, bigint> {
    effects[account] = (effects[account] ?? 0n) + minor;
    return effects;
  }

  function write(draft: BookDraft): Stored {
    const shut = periods.find((one) => one.startOn <= draft.date && draft.date <= one.endOn);
    if (shut?.closed) throw new Error(`${draft.date} is in a closed period.`);
    switch (draft.kind) {
      case 'invoice': {
        const order = unbilled.get(draft.salesOrderId);
        if (!order) throw new Error(`Sales order ${draft.salesOrderId} is not to be billed.`);
        return bill(
          order.orderId,
          order.lines,
          order.currency,
          draft.date,
          'invoice',
          undefined,
          draft.externalId,
        );
      }
      case 'customer-payment': {
        const applied = draft.apply.reduce((sum, one) => sum + one.amount.minor, 0n);
        if (applied !== draft.amount.minor)
          throw new Error(`Payment of ${draft.amount.minor} applies ${applied}.`);
        for (const one of draft.apply) take(idOf(one.document), one.amount.minor);
        return keep(
          draft.kind,
          draft.externalId,
          draft.date,
          draft.amount,
          { [draft.accountId ?? 'undeposited']: draft.amount.minor, receivable: -draft.amount.minor },
          draft,
        );
      }
      case 'credit-memo': {
        const document = keep(
          draft.kind,
          draft.externalId,
          draft.date,
          draft.total,
          plus(lineEffects(draft.lines, 1n, draft.total), 'receivable', -draft.total.minor),
          draft,
        );
        open.set(document.id, draft.total.minor);
        return document;
      }
      case 'customer-refund': {
        for (const one of draft.apply) take(idOf(one.document), one.amount.minor);
        return keep(
          draft.kind,
          draft.externalId,
          draft.date,
          draft.amount,
          { receivable: draft.amount.minor, [draft.accountId]: -draft.amount.minor },
          draft,
        );
      }
      case 'cash-refund':
        return keep(
          draft.kind,
          draft.externalId,
          draft.date,
          draft.total,
          plus(
            lineEffects(draft.lines, 1n, draft.total),
            draft.accountId ?? 'undeposited',
            -draft.total.minor,
          ),
          draft,
        );
      case 'cash-sale':
        return keep(
          draft.kind,
          draft.externalId,
          draft.date,
          draft.total,
          plus(
            lineEffects(draft.lines, -1n, draft.total),
            draft.accountId ?? 'undeposited',
            draft.total.minor,
          ),
          draft,
        );
      case 'order-fees': {
        const id = idOf(draft.document);
        const sale = ids.get(id);
        open.set(id, (open.get(id) ?? 0n) + draft.total.minor);
        const account = draft.document.kind === 'invoice' ? 'receivable' : (sale?.accountId ?? 'undeposited');
        return keep(
          draft.kind,
          draft.externalId,
          draft.date,
          draft.total,
          plus(lineEffects(draft.lines, -1n, draft.total), account, draft.total.minor),
          draft,
        );
      }
      case 'journal': {
        const effects: Record<string, bigint> = {};
        let debits = 0n;
        for (const { accountId, debit, credit } of draft.lines) {
          if ((debit === undefined) === (credit === undefined))
            throw new Error('A journal line has a debit or a credit.');
          if ((debit ?? credit)!.minor <= 0n) throw new Error('A journal line is positive.');
          plus(effects, accountId, debit ? debit.minor : -credit!.minor);
          debits += debit?.minor ?? 0n;
        }
        return keep(
          draft.kind,
          draft.externalId,
          draft.date,
          { minor: debits, currency: draft.currency },
          effects,
          draft,
        );
      }
      case 'deposit': {
        const effects: Record<string, bigint> = { [draft.accountId]: draft.total.minor };
        for (const ref of draft.payments) {
          const document = stored.find((one) => one.id === idOf(ref))!;
          const cash = document.effects.find((one) => one.accountId === 'undeposited');
          if (!cash) throw new Error(`${document.externalId} is not undeposited.`);
          plus(effects, 'undeposited', -(cash.minor + feesOn(document.id)));
          open.set(document.id, 0n);
        }
        for (const { accountId, amount } of draft.lines) plus(effects, accountId, -amount.minor);
        return keep(draft.kind, draft.externalId, draft.date, draft.total, effects, draft);
      }
      default:
        throw new Error(`${draft.kind} moves no money.`);
    }
  }

  function bill(
    orderId: string,
    lines: Readonly<Record<string, bigint>>,
    currency: string,
    date: string,
    as: 'invoice' | 'cash-sale',
    account: string | undefined,
    externalId: string,
  ): Stored {
    const total = Object.values(lines).reduce((sum, minor) => sum + minor, 0n);
    const to = as === 'invoice' ? 'receivable' : (account ?? 'undeposited');
    const effects: Record<string, bigint> = { [to]: total };
    for (const [name, minor] of Object.entries(lines)) plus(effects, name, -minor);
    const document = keep(as, externalId, date, { minor: total, currency }, effects);
    const billed: BilledDocument = {
      id: document.id,
      number: document.number,
      date,
      customerId: 'buyers',
      total: { minor: total, currency },
      open: { minor: total, currency },
      accountId: to,
      undeposited: as === 'cash-sale' && account === undefined,
      lines: [],
    };
    ids.set(document.id, billed);
    open.set(document.id, total);
    const order = orders.get(orderId) ?? {
      channelOrderId: orderId,
      salesOrders: [],
      invoices: [],
      cashSales: [],
    };
    orders.set(orderId, {
      ...order,
      salesOrders: [],
      ...(as === 'invoice'
        ? { invoices: [...order.invoices, billed] }
        : { cashSales: [...order.cashSales, billed] }),
    });
    return document;
  }

  return {
    sell(orderId, lines, { as = 'invoice', account, currency = 'USD', date = '2026-03-29' } = {}) {
      if (as === 'sales-order') {
        const id = `SO-${orderId}`;
        unbilled.set(id, { orderId, lines, currency });
        orders.set(orderId, {
          channelOrderId: orderId,
          salesOrders: [{ id, status: 'pending-billing', customerId: 'buyers', unbilledShipped: true }],
          invoices: [],
          cashSales: [],
        });
      } else bill(orderId, lines, currency, date, as, account, `SALE-${orderId}-${last}`);
    },
    balances,
    documents: () => stored,
    loseAnswers(count, when) {
      lost = { count, when };
    },
    periodsAre(given) {
      periods = given;
    },
    find: async (keys) =>
      new Map(
        keys.flatMap(({ kind, externalId }) => {
          const document = byExternal.get(`${kind} ${externalId}`);
          return document ? [[externalId, document] as const] : [];
        }),
      ),
    findFresh: async (kind, externalId) => byExternal.get(`${kind} ${externalId}`),
    plan: async (draft) => ({ method: 'POST', path: `/${draft.kind}`, headers: {}, body: draft, draft }),
    async createOnce(draft) {
      const there = byExternal.get(`${draft.kind} ${draft.externalId}`);
      if (there) return { id: there.id, adopted: true };
      const losing = lost.count > 0;
      if (losing) lost = { ...lost, count: lost.count - 1 };
      if (losing && lost.when === 'before')
        throw new OutcomeUnknownError('ANSWER_LOST', 'The answer was lost.');
      const document = write(draft);
      if (losing) throw new OutcomeUnknownError('ANSWER_LOST', 'The answer was lost.');
      return { id: document.id, adopted: false };
    },
    orders: async (channelOrderIds) =>
      new Map(
        channelOrderIds.flatMap((id) => {
          const order = orders.get(id);
          if (!order) return [];
          const fresh = (one: BilledDocument): BilledDocument => ({
            ...one,
            total: byTotal(one),
            open: { minor: open.get(one.id) ?? 0n, currency: one.total.currency },
          });
          return [
            [
              id,
              { ...order, invoices: order.invoices.map(fresh), cashSales: order.cashSales.map(fresh) },
            ] as const,
          ];
        }),
      ),
    accounts: async () =>
      Object.entries(accountRoles).map(([id, name]) => ({
        id,
        number: '',
        name,
        type: 'other' as const,
        inactive: false,
      })),
    periods: async () => periods,
    trialBalance: async () =>
      Object.entries(balances()).map(([accountId, minor]) => ({ accountId, minor, currency: 'USD' })),
  };

  /** Fee lines change what the sale comes to. */
  function feesOn(id: string): bigint {
    return stored
      .filter(({ draft }) => draft?.kind === 'order-fees' && idOf(draft.document) === id)
      .reduce((sum, { total }) => sum + total.minor, 0n);
  }
  function byTotal(one: BilledDocument): Money {
    return { minor: one.total.minor + feesOn(one.id), currency: one.total.currency };
  }
}
