// How much does simulated Amazon allow? The published default usage plans; the contract test compares them with the models.

export interface UsagePlan {
  readonly perSecond: number;
  readonly burst: number;
}

export const usagePlans: Readonly<Record<string, UsagePlan>> = {
  searchOrders: { perSecond: 0.0056, burst: 20 },
  getOrder: { perSecond: 0.5, burst: 30 },
  confirmShipment: { perSecond: 2, burst: 10 },
  createFeedDocument: { perSecond: 0.5, burst: 15 },
  createFeed: { perSecond: 0.0083, burst: 15 },
  getFeeds: { perSecond: 0.0222, burst: 10 },
  patchListingsItem: { perSecond: 5, burst: 5 },
  getListingsItem: { perSecond: 5, burst: 10 },
  getFeed: { perSecond: 2, burst: 15 },
  getFeedDocument: { perSecond: 0.0222, burst: 10 },
  createReport: { perSecond: 0.0167, burst: 15 },
  getReport: { perSecond: 2, burst: 15 },
  getReports: { perSecond: 0.0222, burst: 10 },
  getReportDocument: { perSecond: 0.0167, burst: 15 },
  listTransactions: { perSecond: 0.5, burst: 10 },
  listSummary: { perSecond: 0.5, burst: 10 },
  getDestinations: { perSecond: 1, burst: 5 },
  createDestination: { perSecond: 1, burst: 5 },
  getDestination: { perSecond: 1, burst: 5 },
  deleteDestination: { perSecond: 1, burst: 5 },
  getSubscription: { perSecond: 1, burst: 5 },
  createSubscription: { perSecond: 1, burst: 5 },
  getSubscriptionById: { perSecond: 1, burst: 5 },
  deleteSubscriptionById: { perSecond: 1, burst: 5 },
  getMarketplaceParticipations: { perSecond: 0.016, burst: 15 },
};

/** Token buckets in the world's time, per operation. */
export class Quotas {
  readonly #tokens = new Map<string, { tokens: number; at: number }>();
  readonly #lifted: boolean;

  constructor(lifted: boolean) {
    this.#lifted = lifted;
  }

  /** The rate that answers tell; lifted quotas are a very large one. */
  rateOf(operation: string): number | undefined {
    return this.#lifted ? 10_000 : usagePlans[operation]?.perSecond;
  }

  take(operation: string, nowMs: number): boolean {
    const plan = usagePlans[operation];
    if (plan === undefined || this.#lifted) return true;
    const bucket = this.#tokens.get(operation) ?? { tokens: plan.burst, at: nowMs };
    bucket.tokens = Math.min(plan.burst, bucket.tokens + ((nowMs - bucket.at) / 1000) * plan.perSecond);
    bucket.at = nowMs;
    this.#tokens.set(operation, bucket);
    // A hundredth of a token is the clock's own uncertainty, not the caller's haste.
    if (bucket.tokens < 0.99) return false;
    bucket.tokens -= 1;
    return true;
  }
}
