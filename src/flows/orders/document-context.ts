// What does mapping an order need beside the order, and what does it give back? Types only; the way itself is in
// order-to-document.ts.
import type { DocumentDraft, ErpItem } from '../../erp/erp.ts';
import type { Lookups, Origin, Override, Traced } from '../../mapping/mapping.ts';
import type { NumberPool } from './document-numbers.ts';
import type { Arithmetic } from './document-total.ts';
import type { OrdersSettings } from './settings.ts';

/** What the account and the owner know, beside the order itself. */
export interface OrderContext {
  readonly settings: OrdersSettings;
  readonly lookups: Lookups;
  readonly overrides: readonly Override[];
  /** Items by the name a line or setting asks for. */
  readonly items: ReadonlyMap<string, ErpItem>;
  /** The customer of each marketplace, made sure of before. */
  readonly customerId: string;
  /** IANA zone of the company; days are counted in it. */
  readonly timeZone: string;
  readonly suiteTax: boolean;
  readonly accountId: string;
  readonly now: Date;
  /** Lots and serial numbers on hand, for sales that leave the shelf when they are booked. */
  readonly numbers?: NumberPool;
}

export interface MappedOrder {
  readonly draft: DocumentDraft;
  /** Draft path (`locationId`, `lines[0].rate`) → origin. */
  readonly origins: Readonly<Record<string, Origin>>;
  readonly arithmetic: Arithmetic;
  /** Why the document is of another kind than the settings say, and similar, in sentences. */
  readonly remarks: readonly string[];
}

/** Notes where a value comes from and hands the value on. */
export type Keep = <Value>(path: string, traced: Traced<Value>) => Value;
/** A field that the owner may override, else its rule. */
export type Field = (name: string, rule: () => Traced<string | undefined>) => string | undefined;
