// Which fields does each record have? Names and types as Oracle's REST API Browser 2026.1 publishes them, for checking
// bodies, for answering in the right case, and for the metadata catalogue.
import { customBodyFields, customLineFields } from './schema.ts';

export type FieldType =
  | 'str'
  | 'num'
  | 'int'
  | 'bool'
  | 'date'
  | 'dt'
  | 'ref'
  | 'enum'
  | 'address'
  | 'list'
  | 'any';
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly readOnly: boolean;
  readonly custom: boolean;
  /** Present only in accounts with legacy tax, or only with SuiteTax. */
  readonly tax: 'legacy' | 'suitetax' | undefined;
  /** Fields of a line when this is a sublist. */
  readonly lines: ReadonlyMap<string, Field> | undefined;
}

const common =
  'id:str! externalId:str customForm:ref createdDate:dt! lastModifiedDate:dt! refName:str! links:any!';
const transaction = `${common} tranDate:date tranId:str memo:str subsidiary:ref currency:ref exchangeRate:num postingPeriod:ref department:ref class:ref location:ref status:ref!`;
const sale = `${transaction} entity:ref otherRefNum:str message:str email:str shipDate:date actualShipDate:date startDate:date endDate:date dueDate:date shipMethod:ref shippingCost:num altShippingCost:num overrideShippingCost:num handlingCost:num altHandlingCost:num shippingTaxCode:ref~legacy handlingTaxCode:ref~legacy shipComplete:bool shipIsResidential:bool shipAddressList:ref billAddressList:ref shippingAddress:address billingAddress:address shipAddress:str billAddress:str discountItem:ref discountRate:num discountTotal:num promoCode:ref salesChannel:ref source:enum terms:ref paymentOption:ref paymentOperation:enum paymentMethod:ref toBeEmailed:bool toBePrinted:bool toBeFaxed:bool isTaxable:bool~legacy taxItem:ref~legacy taxRate:num~legacy taxTotal:num tax2Total:num taxDetailsOverride:bool~suitetax nexus:ref~suitetax subtotal:num! total:num! linkedTrackingNumbers:str! createdFrom:ref isCrossSubTransaction:bool isMultiShipTo:bool leadSource:ref partner:ref salesRep:ref job:ref webStore:str`;
const saleLine =
  'item:ref line:int lineUniqueKey:int! orderLine:int quantity:num rate:num amount:num grossAmt:num price:ref description:str location:ref inventorylocation:ref inventorysubsidiary:ref class:ref department:ref taxCode:ref~legacy taxRate1:num~legacy taxRate2:num~legacy tax1Amt:num isTaxable:bool~legacy taxDetailsReference:str~suitetax units:any commitInventory:enum createPo:enum createWo:bool isClosed:bool isOpen:bool! expectedShipDate:date requestedDate:date itemFulfillmentChoice:enum shipMethod:ref shipAddress:ref shipGroup:int inventoryDetail:any quantityAvailable:num! quantityBackOrdered:num! quantityBilled:num! quantityCommitted:num! quantityFulfilled:num! quantityPicked:num! quantityPacked:num! quantityOnHand:num! itemType:enum! orderPriority:num links:any!';
const taxDetails =
  'taxDetailsReference:str taxType:ref taxCode:ref taxBasis:num taxRate:num taxAmount:num lineType:str lineName:str netAmount:num';
const apply =
  'doc:ref line:int apply:bool amount:num applyDate:date! refNum:str! due:num! total:num! type:str!';
const item = `${common} itemId:str displayName:str upcCode:str mpn:str manufacturer:str vendorName:str salesDescription:str storeDetailedDescription:str isInactive:bool isLotItem:bool isSerialItem:bool useBins:bool weight:num weightUnit:enum cost:num averageCost:num! lastPurchasePrice:num! cogsAccount:ref assetAccount:ref incomeAccount:ref expenseAccount:ref account:ref taxSchedule:ref includeChildren:bool location:ref preferredLocation:ref parent:ref matrixType:enum itemType:enum! rate:num department:ref class:ref`;
const priceLine =
  'priceLevel:ref priceLevelName:str price:num currencyPage:ref quantity:any priceQty:str discountDisplay:num';
const locationLine =
  'location:ref locationId:int quantityAvailable:num! quantityOnHand:num! quantityCommitted:num! quantityBackOrdered:num! quantityInTransit:num! quantityOnOrder:num! reorderPoint:num preferredStockLevel:num safetyStockLevel:num leadTime:int averageCostMli:num!';
const named = `${common} name:str fullName:str! isInactive:bool subsidiary:any parent:ref`;

interface Spec {
  readonly body: string;
  readonly sublists?: Readonly<Record<string, string>>;
}
const saleLists = { item: saleLine, taxDetails };
const itemLists = {
  price: priceLine,
  locations: locationLine,
  subsidiary: 'id:str refName:str! externalId:str',
};

const specs: Readonly<Record<string, Spec>> = {
  salesOrder: { body: `${sale} orderStatus:enum`, sublists: saleLists },
  cashSale: {
    body: `${sale} account:ref undepFunds:any checkNumber:str cleared:bool trackingNumbers:str! asOfDate:date`,
    sublists: saleLists,
  },
  invoice: {
    body: `${sale} account:ref amountPaid:num! amountRemaining:num! asOfDate:date`,
    sublists: saleLists,
  },
  creditMemo: {
    body: `${sale} account:ref applied:num! unapplied:num! autoApply:bool`,
    sublists: { ...saleLists, apply },
  },
  cashRefund: { body: `${sale} account:ref`, sublists: saleLists },
  returnAuthorization: { body: `${sale} orderStatus:enum`, sublists: saleLists },
  itemFulfillment: {
    body: `${transaction} entity:ref createdFrom:ref transferLocation:ref inventoryLocation:ref shipStatus:enum pickedDate:date packedDate:date shippedDate:date shipMethod:ref shipCarrier:enum shippingCost:num handlingCost:num shippingAddress:address shipAddressList:ref orderId:int requestedBy:ref generateIntegratedShipperLabel:bool`,
    sublists: {
      item: 'orderLine:int line:int item:ref! itemReceive:bool quantity:num quantityRemaining:num! location:ref onHand:num! kitMemberOf:int! inventoryDetail:any itemName:str! description:str! units:str serialNumbers:str binNumbers:str itemType:enum! links:any!',
      package:
        'packageTrackingNumber:str packageWeight:num packageDescr:str packageCartonNumber:int packageDetails:any',
    },
  },
  itemReceipt: {
    body: `${transaction} entity:ref createdFrom:ref itemFulfillment:ref landedCostMethod:enum`,
    sublists: {
      item: 'orderLine:int line:int item:ref! itemReceive:bool quantity:num location:ref restock:bool inventoryDetail:any',
    },
  },
  customerPayment: {
    body: `${transaction} customer:ref payment:num account:ref undepFunds:any aracct:ref paymentMethod:ref checkNum:str total:num! applied:num! unapplied:num! autoApply:bool`,
    sublists: { apply },
  },
  customerRefund: {
    body: `${transaction} customer:ref account:ref aracct:ref paymentMethod:ref paymentOption:ref checkNumber:str toBePrinted:bool total:num!`,
    sublists: { apply },
  },
  customerDeposit: {
    body: `${transaction} customer:ref payment:num salesOrder:ref account:ref undepFunds:any paymentMethod:ref checkNum:str`,
  },
  journalEntry: {
    body: `${transaction} approved:bool approvalStatus:enum reversalDate:date reversalDefer:bool createdFrom:ref!`,
    sublists: {
      line: 'account:ref debit:num credit:num entity:ref memo:str department:ref class:ref location:ref line:int eliminate:bool',
    },
  },
  deposit: {
    body: `${transaction} account:ref total:num!`,
    sublists: {
      payment: 'deposit:bool id:int lineId:int',
      other:
        'account:ref amount:num entity:ref memo:str paymentMethod:ref refNum:str class:ref department:ref location:ref',
      cashback: 'account:ref amount:num memo:str class:ref department:ref location:ref',
    },
  },
  inventoryAdjustment: {
    body: `${transaction} account:ref adjLocation:ref customer:ref`,
    sublists: {
      inventory:
        'item:ref location:ref adjustQtyBy:num newQuantity:num unitCost:num line:int memo:str units:str inventoryDetail:any',
    },
  },
  customer: {
    body: `${common} entityId:str autoName:bool isPerson:bool companyName:str firstName:str middleName:str lastName:str email:str phone:str altPhone:str subsidiary:ref currency:ref category:ref priceLevel:ref terms:ref taxable:bool~legacy taxItem:ref~legacy resaleNumber:str vatRegNumber:str parent:ref isInactive:bool receivablesAccount:ref globalSubscriptionStatus:enum emailTransactions:bool comments:str salesRep:ref leadSource:ref balance:num!`,
    sublists: {
      addressBook:
        'label:str defaultBilling:bool defaultShipping:bool isResidential:bool addressBookAddress:address internalId:int!',
      currencyList: 'currency:ref',
    },
  },
  inventoryItem: { body: item, sublists: itemLists },
  lotNumberedInventoryItem: { body: item, sublists: itemLists },
  assemblyItem: { body: item, sublists: { ...itemLists, member: 'item:ref quantity:num' } },
  kitItem: {
    body: item,
    sublists: { price: priceLine, subsidiary: itemLists.subsidiary, member: 'item:ref quantity:num' },
  },
  nonInventorySaleItem: { body: item, sublists: itemLists },
  serviceSaleItem: { body: item, sublists: itemLists },
  otherChargeSaleItem: { body: item, sublists: itemLists },
  discountItem: { body: item, sublists: itemLists },
  location: { body: `${named} makeInventoryAvailable:bool useBins:bool` },
  subsidiary: { body: `${named} legalName:str currency:ref country:enum isElimination:bool` },
  currency: {
    body: `${common} name:str symbol:str displaySymbol:str exchangeRate:num currencyPrecision:int isBaseCurrency:bool isInactive:bool`,
  },
  shipItem: { body: `${common} itemId:str displayName:str isInactive:bool` },
  account: {
    body: `${common} acctNumber:str acctName:str acctType:enum subsidiary:any isInactive:bool description:str currency:ref`,
  },
  department: { body: named },
  classification: { body: named },
  priceLevel: { body: named },
  paymentMethod: { body: named },
  salesChannel: { body: named },
  term: { body: `${named} daysUntilNetDue:int` },
  salesTaxItem: { body: `${common} itemId:str name:str rate:num isInactive:bool` },
  accountingPeriod: {
    body: `${common} periodName:str startDate:date endDate:date closed:bool allLocked:bool arLocked:bool apLocked:bool isPosting:bool isYear:bool isQuarter:bool isAdjust:bool isInactive:bool`,
  },
};

const transactionRecords = new Set([
  'salesOrder',
  'cashSale',
  'invoice',
  'creditMemo',
  'cashRefund',
  'returnAuthorization',
  'itemFulfillment',
  'itemReceipt',
  'customerPayment',
  'customerRefund',
  'customerDeposit',
  'journalEntry',
  'deposit',
  'inventoryAdjustment',
]);
export const isTransaction = (record: string): boolean => transactionRecords.has(record);

const customTypes = { text: 'str', checkbox: 'bool', currency: 'num' } as const;
function customOf(fields: typeof customBodyFields): Field[] {
  return Object.entries(fields).map(([name, { type }]) => ({
    name,
    type: customTypes[type],
    readOnly: false,
    custom: true,
    tax: undefined,
    lines: undefined,
  }));
}

function parse(spec: string): Field[] {
  return spec.split(' ').map((word) => {
    const match = /^(\w+):(\w+)(!?)(?:~(\w+))?$/.exec(word)!;
    return {
      name: match[1]!,
      type: match[2] as FieldType,
      readOnly: match[3] === '!',
      custom: false,
      tax: match[4] as Field['tax'],
      lines: undefined,
    };
  });
}

const byLower = (fields: readonly Field[]) =>
  new Map(fields.map((field) => [field.name.toLowerCase(), field]));

export interface RecordFields {
  readonly record: string;
  readonly fields: ReadonlyMap<string, Field>;
}

/** The fields of every record of an account with this kind of tax; keys are lower-case names. */
export function recordFields(suiteTax: boolean): ReadonlyMap<string, RecordFields> {
  const wanted = (field: Field) => field.tax === undefined || (field.tax === 'suitetax') === suiteTax;
  const result = new Map<string, RecordFields>();
  for (const [record, spec] of Object.entries(specs)) {
    const fields = parse(spec.body).filter(wanted);
    if (isTransaction(record)) fields.push(...customOf(customBodyFields));
    for (const [name, lineSpec] of Object.entries(spec.sublists ?? {})) {
      if (name === 'taxDetails' && !suiteTax) continue;
      const lines = parse(lineSpec).filter(wanted);
      if (isTransaction(record) && name === 'item') lines.push(...customOf(customLineFields));
      const list: Field = {
        name,
        type: 'list',
        readOnly: false,
        custom: false,
        tax: undefined,
        lines: byLower(lines),
      };
      const at = fields.findIndex((field) => field.name === name);
      if (at >= 0) fields.splice(at, 1);
      fields.push(list);
    }
    result.set(record.toLowerCase(), { record, fields: byLower(fields) });
  }
  return result;
}
