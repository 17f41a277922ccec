// How is one NetSuite call made? Authorised, one slot, strict about property names, one table of refusals.
import type { Answer, Tools } from '../../http/tools.ts';
import { authorizer, baseUrlOf } from './auth.ts';
import { netsuiteRefusal } from './errors.ts';
import type { NetSuiteBucket } from './limits.ts';
import type { NetSuiteSecrets, NetSuiteSettings } from './settings.ts';

export interface NetSuiteCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly write?: boolean;
  readonly about: string;
}
export type NetSuiteClient = (call: NetSuiteCall) => Promise<Answer>;

/** Unknown property names are errors, never silently dropped (netsuite.md §0.5). */
export const recordHeaders: Readonly<Record<string, string>> = {
  accept: 'application/json',
  'content-type': 'application/json',
  'x-netsuite-propertynamevalidation': 'error',
};

/** A client over one account. A 401 drops the token once; never a loop, since NetSuite locks out (netsuite.md §1.12). */
export function netsuiteClient(
  settings: NetSuiteSettings,
  secrets: NetSuiteSecrets,
  tools: Tools<NetSuiteBucket>,
): NetSuiteClient {
  const authorize = authorizer(settings, secrets, tools);
  const base = baseUrlOf(settings);
  const once = async (call: NetSuiteCall, lastTry: boolean): Promise<Answer> => {
    const url = base + call.path;
    const answer = await tools.send({
      bucket: 'calls',
      method: call.method,
      url,
      headers: {
        ...recordHeaders,
        ...call.headers,
        authorization: await authorize({ method: call.method, url }),
      },
      ...(call.body === undefined ? {} : { body: call.body as object }),
      ...(call.write ? { write: true } : {}),
      refuse: (refused) =>
        refused.status === 401 && !lastTry
          ? undefined
          : netsuiteRefusal(refused, { write: call.write ?? false, now: tools.now(), about: call.about }),
    });
    if (answer.status === 401 && !lastTry) {
      await tools.dropToken('m2m');
      return once(call, true);
    }
    return answer;
  };
  return (call) => once(call, false);
}
