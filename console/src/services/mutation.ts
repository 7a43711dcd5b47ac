// A mutation's payload tells what its sender can put right: as a value, not as an exception.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { TypedDocumentString, UserErrorFragment } from './generated/graphql';
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

/** `refresh` names the queries that the change makes stale. */
export function useChange<Data extends object, Variables>(document: TypedDocumentString<Data, Variables>, refresh: string[] = []) {
  const client = useQueryClient();
  return useMutation<Data, Error, Variables>({
    mutationFn: async (variables) => {
      const data = await request(document, variables);
      const errors = (Object.values(data) as Payload[]).flatMap((payload) => payload?.userErrors ?? []);
      if (errors.length > 0) throw new Refused(errors);
      return data;
    },
    onSuccess: () => Promise.all(refresh.map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}
