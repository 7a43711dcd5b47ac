// The beginning of the walk: what comes before the first run.
export const steps = {};
