// Which tables does SuiteQL see? Documented names and columns (netsuite.md §2.4), plus the records themselves as JSON.

export const bodyFields = ['custbody_mkt_channel', 'custbody_mkt_account', 'custbody_mkt_order_id', 'custbody_mkt_marketplace', 'custbody_mkt_fulfillment', 'custbody_mkt_tax_total', 'custbody_mkt_ship_by', 'custbody_mkt_cancelled'] as const;
export const columnFields = ['custcol_mkt_line_id', 'custcol_mkt_promotion', 'custcol_mkt_gift_message', 'custcol_mkt_cancelled'] as const;

export const schema = `
CREATE TABLE _records (kind TEXT NOT NULL, id INTEGER NOT NULL, externalid TEXT, json TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE UNIQUE INDEX _records_external ON _records (kind, externalid) WHERE externalid IS NOT NULL;
CREATE TABLE _state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE "transaction" (id INTEGER PRIMARY KEY, tranid TEXT, transactionnumber TEXT, externalid TEXT, otherrefnum TEXT, type TEXT, recordtype TEXT, status TEXT, trandate TEXT, entity INTEGER, memo TEXT,
  currency INTEGER, exchangerate TEXT, foreigntotal TEXT, foreignamountunpaid TEXT, postingperiod INTEGER, posting TEXT, shipdate TEXT, shipmethod INTEGER, createddate INTEGER, lastmodifieddate INTEGER, ${bodyFields.map((name) => `${name} TEXT`).join(', ')}, _visible INTEGER);
CREATE INDEX transaction_external ON "transaction" (externalid);
CREATE INDEX transaction_ref ON "transaction" (otherrefnum);
CREATE INDEX transaction_order ON "transaction" (custbody_mkt_order_id);
CREATE INDEX transaction_modified ON "transaction" (type, lastmodifieddate);
CREATE TABLE transactionline ("transaction" INTEGER, id INTEGER, uniquekey INTEGER, linesequencenumber INTEGER, item INTEGER, quantity REAL, quantityshiprecv REAL, quantitybilled REAL, quantitycommitted REAL, quantitybackordered REAL,
  rate TEXT, foreignamount TEXT, netamount TEXT, location INTEGER, subsidiary INTEGER, createdfrom INTEGER, isclosed TEXT, kitcomponent TEXT, kitmemberof INTEGER, assemblycomponent TEXT, mainline TEXT, taxline TEXT, iscogs TEXT, transactionlinetype TEXT,
  linelastmodifieddate INTEGER, ${columnFields.map((name) => `${name} TEXT`).join(', ')}, PRIMARY KEY ("transaction", id)) WITHOUT ROWID;
CREATE TABLE NextTransactionLineLink (previousdoc INTEGER, previousline INTEGER, nextdoc INTEGER, nextline INTEGER, linktype TEXT);
CREATE INDEX next_link ON NextTransactionLineLink (nextdoc);
CREATE INDEX previous_link ON NextTransactionLineLink (previousdoc);
CREATE VIEW PreviousTransactionLineLink AS SELECT nextdoc, nextline, previousdoc, previousline, linktype FROM NextTransactionLineLink;
CREATE VIEW NextTransactionLink AS SELECT DISTINCT previousdoc, nextdoc, linktype FROM NextTransactionLineLink;
CREATE TABLE trackingnumber (id INTEGER PRIMARY KEY, trackingnumber TEXT);
CREATE TABLE TrackingNumberMap ("transaction" INTEGER, trackingnumber INTEGER);
CREATE INDEX tracking_map ON TrackingNumberMap ("transaction");
CREATE TABLE item (id INTEGER PRIMARY KEY, itemid TEXT UNIQUE, externalid TEXT, displayname TEXT, itemtype TEXT, subtype TEXT, parent INTEGER, isinactive TEXT, islotitem TEXT, isserialitem TEXT, matrixtype TEXT, upccode TEXT, weight REAL, lastmodifieddate INTEGER);
CREATE TABLE kititemmember (parentitem INTEGER, item INTEGER, quantity REAL, linenumber INTEGER);
CREATE INDEX kit_parent ON kititemmember (parentitem);
CREATE VIEW itemmember AS SELECT * FROM kititemmember;
CREATE TABLE aggregateItemLocation (item INTEGER, location INTEGER, quantityavailable REAL, quantityonhand REAL, quantitycommitted REAL, quantitybackordered REAL, lastquantityavailablechange INTEGER, PRIMARY KEY (item, location)) WITHOUT ROWID;
CREATE VIEW inventoryitemlocations AS SELECT * FROM aggregateItemLocation;
CREATE TABLE location (id INTEGER PRIMARY KEY, name TEXT, subsidiary INTEGER, isinactive TEXT DEFAULT 'F', makeinventoryavailable TEXT DEFAULT 'T', usebins TEXT DEFAULT 'F');
CREATE TABLE subsidiary (id INTEGER PRIMARY KEY, name TEXT, currency INTEGER, parent INTEGER, iselimination TEXT DEFAULT 'F', isinactive TEXT DEFAULT 'F');
CREATE TABLE currency (id INTEGER PRIMARY KEY, symbol TEXT, name TEXT, exchangerate TEXT, currencyprecision INTEGER, isinactive TEXT DEFAULT 'F');
CREATE TABLE customer (id INTEGER PRIMARY KEY, entityid TEXT, externalid TEXT, companyname TEXT, email TEXT, subsidiary INTEGER, isinactive TEXT DEFAULT 'F', lastmodifieddate INTEGER);
CREATE INDEX customer_external ON customer (externalid);
CREATE TABLE account (id INTEGER PRIMARY KEY, acctnumber TEXT, fullname TEXT, accttype TEXT, isinactive TEXT DEFAULT 'F');
CREATE TABLE accountingperiod (id INTEGER PRIMARY KEY, periodname TEXT, startdate TEXT, enddate TEXT, closed TEXT, alllocked TEXT, arlocked TEXT, aplocked TEXT, isposting TEXT, isyear TEXT, isquarter TEXT);
CREATE TABLE shipitem (id INTEGER PRIMARY KEY, itemid TEXT, isinactive TEXT DEFAULT 'F');
CREATE TABLE department (id INTEGER PRIMARY KEY, name TEXT, isinactive TEXT DEFAULT 'F');
CREATE TABLE classification (id INTEGER PRIMARY KEY, name TEXT, isinactive TEXT DEFAULT 'F');
CREATE TABLE paymentmethod (id INTEGER PRIMARY KEY, name TEXT, isinactive TEXT DEFAULT 'F');
CREATE TABLE saleschannel (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE salestaxitem (id INTEGER PRIMARY KEY, itemid TEXT);
CREATE TABLE customfield (scriptid TEXT PRIMARY KEY, name TEXT);
CREATE TABLE deletedrecord (recordid INTEGER, recordtypeid INTEGER, scriptid TEXT, type TEXT, deleteddate INTEGER, context TEXT, name TEXT);
CREATE TABLE dual (dummy TEXT);
INSERT INTO dual VALUES ('X');
`;
