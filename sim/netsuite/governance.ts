// How many calls may be in flight at once? One pool per account, shared with integrations that are not ours.
export interface Governance {
  limit: number;
  foreign: number;
  inFlight: number;
  inFlightMax: number;
  refused: number;
  /** Takes a slot; false when the account is full. */
  enter(): boolean;
  leave(): void;
}

export function makeGovernance(limit: number, foreign: number): Governance {
  const state: Governance = {
    limit,
    foreign,
    inFlight: 0,
    inFlightMax: 0,
    refused: 0,
    enter: () => {
      if (state.inFlight + state.foreign >= state.limit) {
        state.refused++;
        return false;
      }
      state.inFlight++;
      state.inFlightMax = Math.max(state.inFlightMax, state.inFlight);
      return true;
    },
    leave: () => void state.inFlight--,
  };
  return state;
}
