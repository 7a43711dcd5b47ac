// A mutation's payload tells what its sender can put right: as a value, not as an exception.
import { useRef } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { TypedDocumentString, UserErrorFragment } from './generated/graphql';
import { KeyKeeper } from './idempotency';
import { request } from './transport';

export type UserError = UserErrorFragment;
interface Payload { userErrors: UserError[] }
/** What could not be done, with what the hub says of each field. */
export class Refused extends Error {
  constructor(readonly errors: UserError[]) { super(errors.map(({ message }) => message).join(' ')); }
  /** What is wrong with a field of the input; nothing where it is fit. */
  of(field: string) { return this.errors.find((error) => error.field?.at(-1) === field)?.message; }
  /** What is about no one field that the form shows. */
  others(fields: readonly string[]) { return this.errors.filter((error) => !fields.includes(error.field?.at(-1) ?? '')).map(({ message }) => message); }
}

export async function send<Data extends object, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data> {
  const data = await request(document, variables);
  const errors = (Object.values(data) as Payload[]).flatMap((payload) => payload?.userErrors ?? []);
  if (errors.length > 0) throw new Refused(errors);
  return data;
}

/** `refresh` names the queries that the change makes stale. */
export function useChange<Data extends object, Variables>(document: TypedDocumentString<Data, Variables>, refresh: string[] = []) {
  const client = useQueryClient();
  return useMutation<Data, Error, Variables>({
    // Variables and answers hold secrets: nothing stays in the cache once nobody shows it.
    gcTime: 0,
    mutationFn: (variables) => send(document, variables),
    onSuccess: () => Promise.all(refresh.map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

interface Keyed { input: { idempotencyKey?: string | null } }
const isInProgress = (error: unknown) => error instanceof Refused && error.errors.some(({ code }) => code === 'IDEMPOTENCY_KEY_IN_PROGRESS');

/**
 * A change that the hub makes once, however often it is sent: a press after a lost answer is the same change. `each`: every
 * press is one of its own, for a button that stays on the page.
 */
export function useKeyedChange<Data extends object, Variables extends Keyed>(document: TypedDocumentString<Data, Variables>, refresh: string[] = [], each = false) {
  const client = useQueryClient();
  const keys = useRef(new KeyKeeper());
  return useMutation<Data, Error, Variables>({
    gcTime: 0,
    mutationFn: async (variables) => {
      const idempotencyKey = keys.current.keyFor(variables.input);
      try {
        const data = await send(document, { ...variables, input: { ...variables.input, idempotencyKey } });
        keys.current.settle();
        return data;
      } catch (error) {
        if (each || (error instanceof Refused && !isInProgress(error))) keys.current.settle();
        throw error;
      }
    },
    onSuccess: () => Promise.all(refresh.map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}
