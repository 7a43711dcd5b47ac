/** Of the form of a task, in their order. */
export const taskSteps = ['kind', 'source', 'destination', 'options', 'schedule', 'review'] as const;
export type TaskStep = (typeof taskSteps)[number];
