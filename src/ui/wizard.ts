/**
 * Wizards as data: each step is a function of the state, and the editor's boxes are a port. Tests drive a wizard
 * without an editor.
 */

export interface PickItem<T> {
  readonly label: string;
  readonly description?: string | undefined;
  readonly detail?: string | undefined;
  /** Codicon id. */
  readonly icon?: string | undefined;
  readonly value: T;
  /** Why it cannot be chosen. It is shown, with the reason, and choosing it changes nothing. */
  readonly refused?: string | undefined;
  /** Only to be read: choosing it changes nothing. */
  readonly inert?: boolean | undefined;
  /** Starts a group of this name. */
  readonly group?: string | undefined;
}

export interface Box {
  readonly title: string;
  readonly step?: number | undefined;
  readonly totalSteps?: number | undefined;
  readonly canGoBack: boolean;
}

export interface PickBox<T> extends Box {
  readonly placeholder: string;
  readonly items: readonly PickItem<T>[] | Promise<readonly PickItem<T>[]>;
  readonly isCurrent?: ((value: T) => boolean) | undefined;
}

/** A list of which any number can be ticked, but at least one. */
export interface PickManyBox<T> extends Box {
  readonly placeholder: string;
  readonly items: readonly PickItem<T>[] | Promise<readonly PickItem<T>[]>;
  readonly isPicked: (value: T) => boolean;
  /** What the ticked ones come to, beside the list. */
  readonly summary: (values: readonly T[]) => string;
}

export interface InputBox extends Box {
  readonly prompt: () => string;
  /** What prompt and validation still wait for: the box is busy until then and takes nothing. */
  readonly ready?: Promise<unknown> | undefined;
  readonly placeholder?: string | undefined;
  readonly value: string;
  readonly password: boolean;
  /** Says what is wrong, while typing and before it is accepted; the text is taken when it says nothing. */
  readonly validate: (text: string) => InputProblem | undefined;
}

/** What is wrong with a text, or only worth knowing about it. */
export interface InputProblem {
  readonly message: string;
  readonly severity: 'error' | 'info';
}

export type Answer<T> =
  { readonly kind: 'value'; readonly value: T } | { readonly kind: 'back' } | { readonly kind: 'cancelled' };

/** The boxes of the editor. Each call settles in every case: chosen, back, Esc, or taken away. */
export interface Prompt {
  pick<T>(box: PickBox<T>): Promise<Answer<T>>;
  pickMany<T>(box: PickManyBox<T>): Promise<Answer<readonly T[]>>;
  input(box: InputBox): Promise<Answer<string>>;
}

/** Asks one thing and answers the state with it. `skip`: nothing to ask in this state. */
export interface Step<S> {
  readonly skip?: (state: S) => boolean;
  readonly ask: (state: S, prompt: Prompt, box: Box) => Promise<Answer<S>>;
}

/** A step that offers choices. */
export function pickStep<S, T>(options: {
  readonly skip?: (state: S) => boolean;
  readonly placeholder: (state: S) => string;
  readonly items: (state: S) => readonly PickItem<T>[] | Promise<readonly PickItem<T>[]>;
  /** What was chosen before, so that Back finds it again. */
  readonly current?: (state: S) => T | undefined;
  /** Whether two values are the same choice; `===` where left out. */
  readonly same?: (a: T, b: T) => boolean;
  readonly apply: (state: S, value: T) => S;
}): Step<S> {
  return {
    ...(options.skip && { skip: options.skip }),
    ask: async (state, prompt, box) => {
      const current = options.current?.(state);
      const answer = await prompt.pick({
        ...box,
        placeholder: options.placeholder(state),
        items: options.items(state),
        isCurrent: (value) => current !== undefined && (options.same?.(value, current) ?? value === current),
      });
      return answer.kind === 'value' ? { kind: 'value', value: options.apply(state, answer.value) } : answer;
    },
  };
}

/** A step that offers choices of which several can be taken. */
export function pickManyStep<S, T>(options: {
  readonly placeholder: (state: S) => string;
  readonly items: (state: S) => readonly PickItem<T>[] | Promise<readonly PickItem<T>[]>;
  readonly isPicked: (state: S, value: T) => boolean;
  readonly summary: (state: S, values: readonly T[]) => string;
  readonly apply: (state: S, values: readonly T[]) => S;
}): Step<S> {
  return {
    ask: async (state, prompt, box) => {
      const answer = await prompt.pickMany({
        ...box,
        placeholder: options.placeholder(state),
        items: options.items(state),
        isPicked: (value) => options.isPicked(state, value),
        summary: (values) => options.summary(state, values),
      });
      return answer.kind === 'value' ? { kind: 'value', value: options.apply(state, answer.value) } : answer;
    },
  };
}

/** A step that takes a text. */
export function inputStep<S>(options: {
  readonly skip?: (state: S) => boolean;
  readonly prompt: (state: S) => string;
  readonly placeholder?: string;
  readonly value?: (state: S) => string | undefined;
  readonly password?: boolean;
  /** What has to be read before the text can be judged. */
  readonly ready?: (state: S) => Promise<unknown>;
  readonly validate: (state: S, text: string) => InputProblem | undefined;
  readonly apply: (state: S, text: string) => S;
}): Step<S> {
  return {
    ...(options.skip && { skip: options.skip }),
    ask: async (state, prompt, box) => {
      const answer = await prompt.input({
        ...box,
        prompt: () => options.prompt(state),
        ready: options.ready?.(state),
        placeholder: options.placeholder,
        value: options.value?.(state) ?? '',
        password: options.password ?? false,
        validate: (text) => options.validate(state, text),
      });
      return answer.kind === 'value' ? { kind: 'value', value: options.apply(state, answer.value) } : answer;
    },
  };
}

/** An error in the form that validation wants. */
export function asError(message: string | undefined): InputProblem | undefined {
  return message === undefined ? undefined : { message, severity: 'error' };
}

/**
 * Runs the steps in order, with Back to the step that was really shown before, keeping what was entered.
 * Answers the final state, or `undefined` when the user left.
 *
 * @param first where to begin: the steps before it count as shown, so that Back leads to them
 */
export async function runWizard<S>(
  prompt: Prompt,
  title: string,
  steps: readonly Step<S>[],
  initial: S,
  first = 0,
): Promise<S | undefined> {
  const shown = [...steps.keys()].filter((step) => step < first && !steps[step]?.skip?.(initial));
  let state = initial;
  let index = first;
  while (index < steps.length) {
    const step = steps[index];
    if (!step || step.skip?.(state)) {
      index += 1;
      continue;
    }
    const asked = steps.filter((other) => !other.skip?.(state));
    const box = {
      title,
      step: asked.indexOf(step) + 1,
      totalSteps: asked.length,
      canGoBack: shown.length > 0,
    };
    const answer = await step.ask(state, prompt, box);
    if (answer.kind === 'cancelled') return undefined;
    if (answer.kind === 'back') {
      index = shown.pop() ?? 0;
      continue;
    }
    shown.push(index);
    state = answer.value;
    index += 1;
  }
  return state;
}
