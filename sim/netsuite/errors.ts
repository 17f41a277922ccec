// How does NetSuite say no? The documented error body of REST web services, in one place.
import type { Answer } from '../http.ts';

/** A refusal in NetSuite's words; thrown anywhere, answered by the server. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly path: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    more: { path?: string; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.path = more.path;
    this.headers = more.headers ?? {};
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};
/** Sections of RFC 9110 that NetSuite links to as the type of an error. */
const sections: Readonly<Record<number, string>> = {
  400: '15.5.1',
  401: '15.5.2',
  403: '15.5.4',
  404: '15.5.5',
  405: '15.5.6',
  500: '15.6.1',
};

export function errorAnswer(
  status: number,
  code: string,
  detail: string,
  more: { path?: string | undefined; headers?: Readonly<Record<string, string>>; title?: string } = {},
): Answer {
  return {
    status,
    headers: {
      'content-type': 'application/vnd.oracle.resource+json; type=error; charset=UTF-8',
      ...more.headers,
    },
    body: Buffer.from(JSON.stringify(errorBody(status, code, detail, more.path, more.title))),
  };
}

export function errorBody(
  status: number,
  code: string,
  detail: string,
  path?: string,
  title?: string,
): object {
  return {
    type:
      status === 429
        ? 'https://www.rfc-editor.org/rfc/rfc6585.html#section-4'
        : `https://www.rfc-editor.org/rfc/rfc9110.html#section-${sections[status] ?? '15'}`,
    title: title ?? titles[status] ?? 'Error',
    status,
    'o:errorDetails': [
      { detail, ...(path === undefined ? {} : { 'o:errorPath': path }), 'o:errorCode': code },
    ],
  };
}

export const refusalAnswer = (refusal: Refusal): Answer =>
  errorAnswer(refusal.status, refusal.code, refusal.message, {
    path: refusal.path,
    headers: refusal.headers,
  });

const accessing = (detail: string) => `Error while accessing a resource. ${detail}`;

/** A business rule or a customer's script said no: always 400 USER_ERROR, told apart only by its text. */
export const userError = (detail: string, path?: string) =>
  new Refusal(400, 'USER_ERROR', accessing(detail), path === undefined ? {} : { path });

export const invalidContent = (detail: string, path?: string) =>
  new Refusal(400, 'INVALID_CONTENT', accessing(detail), path === undefined ? {} : { path });

/** The reference or value of a field is not one of those the form offers. */
export const invalidField = (field: string, value: unknown, path = field) =>
  invalidContent(
    `You have entered an Invalid Field Value ${String(value)} for the following field: ${field}.`,
    path,
  );

export const notFound = (
  detail = 'The record instance does not exist. Provide a valid record instance ID.',
) => new Refusal(404, 'NONEXISTENT_ID', accessing(detail));

export const duplicate = () => userError('This record already exists.');
export const noPermission = () =>
  userError('Your current role does not have permission to perform this action.');
export const forbidden = (detail: string) => new Refusal(403, 'INSUFFICIENT_PERMISSION', detail);
export const invalidParameter = (detail: string) => new Refusal(400, 'INVALID_PARAMETER', detail);
export const closedPeriod = () =>
  userError(
    'The transaction date you specified is not within the date range of your accounting period.',
    'tranDate',
  );

export const invalidLogin = () =>
  errorAnswer(
    401,
    'INVALID_LOGIN',
    'Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail.',
    { headers: { 'www-authenticate': 'Bearer realm="NetSuite", error="invalid_token"' } },
  );

export const concurrencyRefused = (): Answer => ({
  ...errorAnswer(429, 'CONCURRENCY_LIMIT_EXCEEDED', 'Concurrent request limit exceeded. Request blocked.', {
    title: 'Bad Request',
  }),
  refused: true,
});

export const unexpectedError = (errorId: string) =>
  errorAnswer(500, 'UNEXPECTED_ERROR', `An unexpected error occurred. Error ID: ${errorId}`);
