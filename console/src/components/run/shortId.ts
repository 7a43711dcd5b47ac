/** Enough to tell runs apart; the whole id is in the title, the address and on the run's page. */
export const shortId = (id: string) => (id.length > 16 ? `${id.slice(0, 14)}…` : id);
/** After the word "run" its prefix says nothing. */
export const titleId = (id: string) => shortId(id).replace(/^run_/, '');
/** What people call a run: its number within its task, else its id. */
export const runName = (run: { id: string; number?: number | null }) => (run.number ? `#${run.number}` : titleId(run.id));
