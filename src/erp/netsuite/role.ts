// Which permissions does the integration's role need, and no more? One list for the check, the guide and the role file.

export interface Permission {
  readonly permkey: string;
  readonly level: 'VIEW' | 'CREATE' | 'EDIT' | 'FULL';
  readonly name: string;
  readonly why: string;
}

const row = (permkey: string, level: Permission['level'], name: string, why: string): Permission => ({
  permkey,
  level,
  name,
  why,
});

/** Source: netsuite.md §3.5; keys as in Oracle's permission catalogue. */
export const permissions: readonly Permission[] = [
  row('ADMI_RESTWEBSERVICES', 'FULL', 'REST Web Services', 'to call NetSuite at all'),
  row('ADMI_LOGIN_OAUTH2', 'FULL', 'Log in using OAuth 2.0 Access Tokens', 'to log in with a certificate'),
  row('REPO_ANALYTICS', 'EDIT', 'SuiteAnalytics Workbook', 'to ask questions with SuiteQL'),
  row('TRAN_FIND', 'VIEW', 'Find Transaction', 'to look up documents'),
  row('TRAN_SALESORD', 'EDIT', 'Sales Order', 'to write and close sales orders'),
  row('TRAN_SALESORDAPPRV', 'FULL', 'Sales Order Approval', 'to write orders as pending fulfilment'),
  row('TRAN_CASHSALE', 'CREATE', 'Cash Sale', 'for orders the marketplace ships'),
  row('TRAN_SALESORDINVOICE', 'CREATE', 'Invoice Sales Orders', 'to bill fulfilled orders'),
  row('TRAN_CUSTINVC', 'EDIT', 'Invoice', 'for orders the marketplace ships, and fees on them'),
  row('TRAN_CUSTPYMT', 'CREATE', 'Customer Payment', 'settlements: what buyers paid'),
  row('TRAN_CUSTCRED', 'CREATE', 'Credit Memo', 'settlements: refunds'),
  row('TRAN_CUSTRFND', 'CREATE', 'Customer Refund', 'settlements: refunds'),
  row('TRAN_CASHRFND', 'CREATE', 'Cash Sale Refund', 'settlements: refunds of cash sales'),
  row('TRAN_JOURNAL', 'CREATE', 'Make Journal Entry', 'settlements: fees'),
  row('TRAN_JOURNALAPPRV', 'FULL', 'Journal Approval', 'settlements: journals that post at once'),
  row('TRAN_DEPOSIT', 'CREATE', 'Deposit', 'settlements: the payout'),
  row('TRAN_RTNAUTH', 'CREATE', 'Return Authorization', 'returns: units that come back'),
  row('TRAN_ITEMRCPT', 'CREATE', 'Item Receipt', 'returns: units that come back'),
  row('TRAN_POSTPERIODS', 'VIEW', 'Manage Accounting Periods', 'settlements: which periods are open'),
  row('TRAN_SALESORDFULFILL', 'CREATE', 'Fulfill Sales Orders', 'to book what the marketplace shipped'),
  row('TRAN_ITEMSHIP', 'EDIT', 'Item Fulfillment', 'to read shipments and book the marketplace’s own'),
  row('LIST_CUSTJOB', 'EDIT', 'Customers', 'to make the marketplace’s customer'),
  row('LIST_ITEM', 'VIEW', 'Items', 'to find items by SKU'),
  row('LIST_LOCATION', 'VIEW', 'Locations', 'to choose locations'),
  row('LIST_SUBSIDIARY', 'VIEW', 'Subsidiaries', 'OneWorld accounts'),
  row('LIST_CURRENCY', 'VIEW', 'Currency', 'to name currencies'),
  row('LIST_SHIPITEM', 'VIEW', 'Shipping Items', 'to name ship methods'),
  row('LIST_ACCOUNT', 'VIEW', 'Accounts', 'to choose deposit accounts'),
  row('LIST_DEPARTMENT', 'VIEW', 'Departments', 'to choose departments'),
  row('LIST_CLASS', 'VIEW', 'Classes', 'to choose classes'),
  row('LIST_TAXITEM', 'VIEW', 'Tax Items', 'to choose tax codes'),
  row('LIST_PAYMETH', 'VIEW', 'Payment Methods', 'to choose payment methods'),
];

/** An SDF role object to deploy, or to follow by hand. */
export function roleXml(): string {
  const rows = permissions.map(
    (one) =>
      `    <permission>\n      <permkey>${one.permkey}</permkey>\n      <permlevel>${one.level}</permlevel>\n    </permission>`,
  );
  return `<role scriptid="customrole_crossdock">\n  <name>Crossdock integration</name>\n  <issalesrole>F</issalesrole>\n  <iswebserviceonlyrole>T</iswebserviceonlyrole>\n  <permissions>\n${rows.join('\n')}\n  </permissions>\n</role>\n`;
}
