// What does NetSuite's refusal mean for us? One table over status, code and text; texts are those of an English user
// (netsuite.md §1.12, §8).
import {
  ConnectionError,
  OutcomeUnknownError,
  RecordError,
  type SyncError,
  ThrottledError,
  TransientError,
} from '../../core/errors.ts';
import type { Answer } from '../../http/tools.ts';

export interface NetSuiteFault {
  readonly code: string;
  readonly detail: string;
  readonly path: string;
}

export function faultOf(answer: Answer): NetSuiteFault {
  try {
    const body = JSON.parse(answer.text()) as Record<string, unknown>;
    const [first] = (body['o:errorDetails'] ?? []) as readonly Record<string, string>[];
    return {
      code: first?.['o:errorCode'] ?? String(body['o:errorCode'] ?? ''),
      detail: first?.['detail'] ?? String(body['title'] ?? body['detail'] ?? ''),
      path: first?.['o:errorPath'] ?? '',
    };
  } catch {
    return { code: '', detail: '', path: '' };
  }
}

/** A create met a record with its external id (netsuite.md §1.3: no code of its own exists). */
export const isDuplicate = (fault: NetSuiteFault): boolean => /already exists/i.test(fault.detail);

interface Rule {
  readonly pattern: RegExp;
  readonly code: string;
  readonly message: (detail: string) => string;
  readonly steps: readonly string[];
  readonly kind?: 'connection' | 'transient';
}

const said = (sentence: string) => (detail: string) => `${sentence} NetSuite says: ${detail}`;

/** First match wins; the order is from special to general. */
const rules: readonly Rule[] = [
  {
    pattern: /permission|role does not|INSUFFICIENT_PERMISSION/i,
    code: 'ROLE_LACKS_PERMISSION',
    kind: 'connection',
    message: said('The role of the NetSuite integration lacks a permission.'),
    steps: [
      'Add the permission named in the message to the integration’s role (the list is in the connection’s guide).',
      'Test the connection again.',
    ],
  },
  {
    pattern: /locked by|has been changed|RCRD_HAS_BEEN_CHANGED|record is locked/i,
    code: 'RECORD_LOCKED',
    kind: 'transient',
    message: said('Somebody or something else holds the record.'),
    steps: ['Wait: Crossdock tries again by itself.'],
  },
  {
    pattern: /accounting period|posting period|period .*(closed|locked)|not within the date range/i,
    code: 'PERIOD_CLOSED',
    message: said('The accounting period of the date is closed.'),
    steps: [
      'Open the period in NetSuite, or date such orders by import (setting merchantDate).',
      'Then retry.',
    ],
  },
  {
    // Two sales chose the same lot at the same time: the next try reads what is left.
    pattern: /total inventory detail quantity must be|(lot|serial).*(not available|no longer available)/i,
    code: 'NUMBERS_TAKEN',
    kind: 'transient',
    message: said('The chosen lot or serial numbers were taken meanwhile.'),
    steps: ['Wait: Crossdock chooses again by itself.'],
  },
  {
    pattern: /inventory detail|lot number|serial number|lot\/serial|bin number/i,
    code: 'INVENTORY_DETAIL_NEEDED',
    message: said('An item needs lot, serial or bin numbers.'),
    steps: [
      'Choose the numbers on the document in NetSuite, or use a location without lots and bins.',
      'Then retry.',
    ],
  },
  {
    pattern: /inactive/i,
    code: 'RECORD_INACTIVE',
    message: said('Something the document refers to is inactive.'),
    steps: ['Make it active in NetSuite or choose another in the settings, then retry.'],
  },
  {
    pattern: /currency/i,
    code: 'CURRENCY_REFUSED',
    message: said('The customer or subsidiary does not allow the currency.'),
    steps: [
      'Add the currency to the customer in NetSuite, or choose another customer for the marketplace.',
      'Then retry.',
    ],
  },
  {
    pattern: /subsidiary/i,
    code: 'SUBSIDIARY_MISMATCH',
    message: said('Customer, item or location belongs to another subsidiary.'),
    steps: [
      'Choose customer and location of the same subsidiary under Flows → Orders → Marketplaces, or share the item with it.',
      'Then retry.',
    ],
  },
  {
    pattern: /enter (a )?value|please enter|mandatory|required/i,
    code: 'FIELD_REQUIRED',
    message: said('A mandatory field is empty.'),
    steps: [
      'Give the field a value by an override under Flows → Mapping, or make it optional on the form NetSuite uses.',
      'Then retry.',
    ],
  },
  {
    pattern: /not found in record|unknown (property|field)|invalid field name|does not exist on/i,
    code: 'FIELD_UNKNOWN_IN_ERP',
    message: said('A field that the mapping uses does not exist in the account.'),
    steps: [
      'Create the custom field in NetSuite, or empty its name in the connection’s settings.',
      'Then retry.',
    ],
  },
  {
    pattern: /invalid field value|invalid .*reference|INVALID_CONTENT|invalid value/i,
    code: 'REFERENCE_INVALID',
    message: said('A value points to something NetSuite does not accept.'),
    steps: [
      'Compare the value named with the lists in NetSuite and correct the setting or lookup it comes from.',
      'Then retry.',
    ],
  },
];

export interface CallKind {
  readonly write: boolean;
  readonly now: Date;
  readonly about: string;
}

/** How long to rest after NetSuite refused a call for too many at once; the slots shrink meanwhile. */
const concurrencyPauseMs = 1_500;

/** Turns a refused answer into what the engine must do; undefined for 404 and duplicates, which callers read themselves. */
export function netsuiteRefusal(answer: Answer, { write, now, about }: CallKind): SyncError | undefined {
  const fault = faultOf(answer);
  const text = `${fault.code} ${fault.detail}`;
  const facts = {
    side: 'erp',
    status: answer.status,
    code: fault.code,
    path: fault.path,
    cause: fault.detail,
  };
  if (answer.status === 404 || isDuplicate(fault)) return undefined;
  if (
    answer.status === 429 ||
    /SSS_REQUEST_LIMIT_EXCEEDED|CONCURRENCY_LIMIT|Concurrent request limit/i.test(text)
  )
    return new ThrottledError(
      'CONCURRENCY_FULL',
      'NetSuite is busy with as many calls as the account allows.',
      new Date(now.getTime() + concurrencyPauseMs),
      { facts },
    );
  if (answer.status === 401)
    return new ConnectionError('LOGIN_REFUSED', 'NetSuite refuses the login.', {
      nextSteps: [
        'Look at Setup → Users/Roles → View Login Audit Trail in NetSuite: it names the reason.',
        'Check that certificate or token is active and belongs to the integration’s role, then test the connection.',
      ],
      facts,
    });
  if (answer.status === 403)
    return new ConnectionError(
      'ROLE_LACKS_PERMISSION',
      `The role of the NetSuite integration may not ${write ? 'write' : 'read'} ${about}.`,
      {
        nextSteps: [
          'Add the permission to the role (the list is in the connection’s guide), then test the connection.',
        ],
        facts,
      },
    );
  if (answer.status >= 500)
    return write
      ? new OutcomeUnknownError(
          'ANSWER_LOST',
          `NetSuite answered ${answer.status} to ${about}; it may have taken effect.`,
          { facts },
        )
      : new TransientError('REMOTE_5XX', `NetSuite answered ${answer.status} to ${about}.`, { facts });
  const rule = rules.find(({ pattern }) => pattern.test(text));
  const details = {
    nextSteps: rule?.steps ?? [
      'Open the request on this page: the field NetSuite names is marked there.',
      'Correct the setting, lookup or record it comes from, then retry.',
    ],
    field: fault.path,
    facts,
  };
  const message =
    rule?.message(fault.detail) ?? `NetSuite refused ${about}: ${fault.detail || `status ${answer.status}`}`;
  if (rule?.kind === 'connection') return new ConnectionError(rule.code, message, details);
  if (rule?.kind === 'transient') return new TransientError(rule.code, message, details);
  return new RecordError(rule?.code ?? 'REFUSED_BY_ERP', message, details);
}
