// What may the role behind a certificate or token see and do? Permission ids are those of Oracle's catalogue.

export interface Role {
  readonly name: string;
  readonly permissions: Set<string>;
}

/** What the role of a well-made integration holds (the least that every part of the simulator can be used with). */
export const fullPermissions = [
  'ADMI_RESTWEBSERVICES',
  'ADMI_LOGIN_OAUTH2',
  'ADMI_LOGIN_OAUTH',
  'REPO_ANALYTICS',
  'TRAN_FIND',
  'LIST_FIND',
  'TRAN_SALESORD',
  'TRAN_SALESORDAPPRV',
  'TRAN_SALESORDFULFILL',
  'TRAN_SALESORDINVOICE',
  'TRAN_ITEMSHIP',
  'TRAN_CASHSALE',
  'TRAN_CUSTINVC',
  'TRAN_CUSTPYMT',
  'TRAN_CUSTRFND',
  'TRAN_CUSTDEP',
  'TRAN_RTNAUTH',
  'TRAN_RTNAUTHAPPRV',
  'TRAN_RTNAUTHRECEIVE',
  'TRAN_RTNAUTHCREDIT',
  'TRAN_CUSTCRED',
  'TRAN_CASHRFND',
  'TRAN_ITEMRCPT',
  'TRAN_JOURNAL',
  'TRAN_JOURNALAPPRV',
  'TRAN_DEPOSIT',
  'TRAN_POSTPERIODS',
  'TRAN_INVADJST',
  'LIST_CUSTJOB',
  'LIST_ITEM',
  'LIST_LOCATION',
  'LIST_SUBSIDIARY',
  'LIST_CURRENCY',
  'LIST_ACCOUNT',
  'LIST_DEPARTMENT',
  'LIST_CLASS',
  'LIST_SHIPITEM',
  'LIST_PAYMETH',
  'LIST_TAXITEM',
  'LIST_SYSTEMNOTES',
  'ADMI_DELETEDRECORD',
  'ADMI_CUSTFIELD',
  'ADMI_INTEGRAPP',
] as const;

/** The permission that reading a SuiteQL table needs; others are open to every role. */
export const tablePermissions: Readonly<Record<string, string>> = {
  transaction: 'TRAN_FIND',
  transactionline: 'TRAN_FIND',
  nexttransactionlinelink: 'TRAN_FIND',
  previoustransactionlinelink: 'TRAN_FIND',
  trackingnumbermap: 'TRAN_ITEMSHIP',
  trackingnumber: 'TRAN_ITEMSHIP',
  item: 'LIST_ITEM',
  kititemmember: 'LIST_ITEM',
  itemmember: 'LIST_ITEM',
  pricing: 'LIST_ITEM',
  aggregateitemlocation: 'LIST_ITEM',
  inventoryitemlocations: 'LIST_ITEM',
  inventorybalance: 'LIST_ITEM',
  inventorynumber: 'LIST_ITEM',
  customer: 'LIST_CUSTJOB',
  location: 'LIST_LOCATION',
  subsidiary: 'LIST_SUBSIDIARY',
  currency: 'LIST_CURRENCY',
  account: 'LIST_ACCOUNT',
  department: 'LIST_DEPARTMENT',
  classification: 'LIST_CLASS',
  shipitem: 'LIST_SHIPITEM',
  paymentmethod: 'LIST_PAYMETH',
  salestaxitem: 'LIST_TAXITEM',
  accountingperiod: 'TRAN_POSTPERIODS',
  systemnote: 'LIST_SYSTEMNOTES',
  deletedrecord: 'ADMI_DELETEDRECORD',
  customfield: 'ADMI_CUSTFIELD',
};

/** Transaction types whose rows a role without the permission does not see. */
export const typePermissions: Readonly<Record<string, string>> = {
  SalesOrd: 'TRAN_SALESORD',
  CashSale: 'TRAN_CASHSALE',
  CustInvc: 'TRAN_CUSTINVC',
  ItemShip: 'TRAN_ITEMSHIP',
  CustCred: 'TRAN_CUSTCRED',
  CashRfnd: 'TRAN_CASHRFND',
  CustPymt: 'TRAN_CUSTPYMT',
  CustRfnd: 'TRAN_CUSTRFND',
  CustDep: 'TRAN_CUSTDEP',
  RtnAuth: 'TRAN_RTNAUTH',
  ItemRcpt: 'TRAN_ITEMRCPT',
  Journal: 'TRAN_JOURNAL',
  Deposit: 'TRAN_DEPOSIT',
  InvAdjst: 'TRAN_INVADJST',
};

export const makeRole = (name: string, permissions: Iterable<string> = fullPermissions): Role => ({
  name,
  permissions: new Set(permissions),
});
