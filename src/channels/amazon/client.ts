// How is one Selling Partner call made? Token, headers, one quota bucket, one table of refusals, rate learnt from the answer.
import type { Answer, Tools } from '../../http/tools.ts';
import { accessToken, callHeaders, type GrantlessScope, tokenName } from './auth.ts';
import { amazonRefusal } from './errors.ts';
import type { AmazonBucket } from './limits.ts';
import { regionHosts } from './marketplaces.ts';
import type { AmazonSecrets, AmazonSettings } from './settings.ts';

export interface AmazonCall {
  readonly bucket: AmazonBucket;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Path with query below the region's host. */
  readonly path: string;
  readonly body?: unknown;
  readonly write?: boolean;
  readonly about: string;
  readonly unrecorded?: boolean;
  readonly waitMaxMs?: number;
  /** The application's own token of this scope instead of the seller's. */
  readonly grantless?: GrantlessScope;
}

export type AmazonClient = (call: AmazonCall) => Promise<Answer>;

export function baseUrlOf(settings: AmazonSettings): string {
  return (settings.baseUrl ?? regionHosts[settings.region].url).replace(/\/$/, '');
}

/** A client over one account. A 403 drops the token once and tries again; a second one is the account's. */
export function amazonClient(
  settings: AmazonSettings,
  secrets: AmazonSecrets,
  tools: Tools<AmazonBucket>,
): AmazonClient {
  const token = accessToken(settings, secrets, tools);
  const once = async (call: AmazonCall, lastTry: boolean): Promise<Answer> => {
    const url = baseUrlOf(settings) + call.path;
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const answer = await tools.send({
      bucket: call.bucket,
      method: call.method,
      url,
      headers: callHeaders(settings, secrets, {
        method: call.method,
        url,
        token: await token(call.grantless),
        now: tools.now(),
        ...(body === undefined ? {} : { body }),
      }),
      ...(call.body === undefined ? {} : { body: call.body as object }),
      ...(call.write ? { write: true } : {}),
      ...(call.unrecorded ? { unrecorded: true } : {}),
      ...(call.waitMaxMs === undefined ? {} : { waitMaxMs: call.waitMaxMs }),
      refuse: (refused) =>
        (refused.status === 403 || refused.status === 401) && !lastTry
          ? undefined
          : amazonRefusal(refused, {
              bucket: call.bucket,
              now: tools.now(),
              about: call.about,
              ...(call.write ? { write: true } : {}),
            }),
    });
    const perSecond = Number(answer.headers['x-amzn-ratelimit-limit']);
    if (perSecond > 0) await tools.learnLimit(call.bucket, { perSecond });
    if ((answer.status === 403 || answer.status === 401) && !lastTry) {
      await tools.dropToken(tokenName(call.grantless));
      return once(call, true);
    }
    return answer;
  };
  return (call) => once(call, false);
}
