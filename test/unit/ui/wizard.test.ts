import assert from 'node:assert/strict';
import {
  asError,
  inputStep,
  pickManyStep,
  pickStep,
  runWizard,
  type Answer,
  type Box,
  type InputBox,
  type PickBox,
  type PickManyBox,
  type Prompt,
  type Step,
} from '../../../src/ui/wizard';

interface State {
  readonly colour?: string;
  readonly size: string;
  readonly note: string;
}

const initial: State = { size: '', note: '' };

type Reaction = 'back' | 'esc' | { readonly say: string };

interface Shown {
  readonly kind: 'pick' | 'input';
  readonly box: Box;
  readonly value?: string | undefined;
  readonly current?: readonly unknown[];
}

/** A user who reacts to one box after the other. */
class ScriptedPrompt implements Prompt {
  readonly shown: Shown[] = [];

  constructor(private readonly reactions: Reaction[]) {}

  async pick<T>(box: PickBox<T>): Promise<Answer<T>> {
    const items = await box.items;
    const current = items.filter(({ value }) => box.isCurrent?.(value)).map(({ value }) => value);
    this.shown.push({ kind: 'pick', box, current });
    const reaction = this.react();
    if (typeof reaction === 'string') return settled(reaction);
    const item = items.find(({ label }) => label === reaction.say);
    assert.ok(item, `no item ${reaction.say}`);
    return { kind: 'value', value: item.value };
  }

  /** Ticks the row that it says, beside those that are ticked. */
  async pickMany<T>(box: PickManyBox<T>): Promise<Answer<readonly T[]>> {
    const values = (await box.items).map(({ value }) => value);
    const current = values.filter((value) => box.isPicked(value));
    this.shown.push({ kind: 'pick', box, current, value: box.summary(current) });
    const reaction = this.react();
    if (typeof reaction === 'string') return settled(reaction);
    return {
      kind: 'value',
      value: values.filter((value) => current.includes(value) || value === reaction.say),
    };
  }

  input(box: InputBox): Promise<Answer<string>> {
    this.shown.push({ kind: 'input', box, value: box.value });
    const reaction = this.react();
    if (typeof reaction === 'string') return Promise.resolve(settled(reaction));
    assert.notEqual(box.validate(reaction.say)?.severity, 'error');
    return Promise.resolve({ kind: 'value', value: reaction.say });
  }

  private react(): Reaction {
    const reaction = this.reactions.shift();
    assert.ok(reaction, 'one box too many');
    return reaction;
  }
}

function settled(reaction: 'back' | 'esc'): Answer<never> {
  return { kind: reaction === 'back' ? 'back' : 'cancelled' };
}

const say = (text: string): Reaction => ({ say: text });

/** Colour, then a size for all but white, then a note. */
const steps: Step<State>[] = [
  pickStep<State, string>({
    placeholder: () => 'Which colour?',
    items: () => Promise.resolve(['red', 'white'].map((label) => ({ label, value: label }))),
    current: ({ colour }) => colour,
    apply: (state, colour) => ({ ...state, colour }),
  }),
  inputStep<State>({
    skip: ({ colour }) => colour === 'white',
    prompt: ({ colour }) => `Size of ${colour}?`,
    value: ({ size }) => size,
    validate: (_state, text) => asError(/^\d+$/.test(text) ? undefined : 'digits'),
    apply: (state, size) => ({ ...state, size }),
  }),
  inputStep<State>({
    prompt: () => 'Note?',
    value: ({ note }) => note,
    validate: () => undefined,
    apply: (state, note) => ({ ...state, note }),
  }),
];

async function play(...reactions: Reaction[]): Promise<{ result: State | undefined; shown: Shown[] }> {
  const prompt = new ScriptedPrompt(reactions);
  const result = await runWizard(prompt, 'Title', steps, initial);
  assert.deepEqual(reactions, [], 'not all boxes were shown');
  return { result, shown: prompt.shown };
}

describe('a wizard', () => {
  it('asks one thing after the other and answers with all of it', async () => {
    const { result } = await play(say('red'), say('7'), say('x'));
    assert.deepEqual(result, { colour: 'red', size: '7', note: 'x' });
  });

  it('leaves out what need not be asked', async () => {
    const { result, shown } = await play(say('white'), say('x'));
    assert.deepEqual(result, { colour: 'white', size: '', note: 'x' });
    assert.equal(shown.length, 2);
  });

  it('counts the steps that are asked, of those that are known to come', async () => {
    const { shown } = await play(say('white'), say('x'));
    assert.deepEqual(
      shown.map(({ box }) => [box.title, box.step, box.totalSteps]),
      [
        ['Title', 1, 3],
        ['Title', 2, 2],
      ],
    );
  });

  it('offers Back everywhere but at the first box', async () => {
    const { shown } = await play(say('red'), say('7'), say('x'));
    assert.deepEqual(
      shown.map(({ box }) => box.canGoBack),
      [false, true, true],
    );
  });

  it('goes back to the box that was really shown before', async () => {
    const { result, shown } = await play(say('white'), 'back', say('red'), say('7'), say('x'));
    assert.deepEqual(
      shown.map(({ kind }) => kind),
      ['pick', 'input', 'pick', 'input', 'input'],
    );
    assert.deepEqual(result, { colour: 'red', size: '7', note: 'x' });
  });

  it('goes back several boxes and keeps what was entered', async () => {
    const { shown, result } = await play(
      say('red'),
      say('7'),
      'back',
      'back',
      say('red'),
      say('8'),
      say('x'),
    );
    assert.deepEqual(
      shown.map(({ kind, value, current }) => [kind, value ?? current]),
      [
        ['pick', []],
        ['input', ''],
        ['input', ''],
        ['input', '7'],
        ['pick', ['red']],
        ['input', '7'],
        ['input', ''],
      ],
    );
    assert.equal(shown[4]?.box.canGoBack, false);
    assert.deepEqual(result, { colour: 'red', size: '8', note: 'x' });
  });

  for (const before of [[], [say('red')], [say('red'), say('7')], [say('red'), 'back']] as Reaction[][]) {
    it(`ends with nothing at Esc after ${before.length} boxes`, async () => {
      const { result } = await play(...before, 'esc');
      assert.equal(result, undefined);
    });
  }

  it('asks nothing when all is known', async () => {
    const prompt = new ScriptedPrompt([]);
    const known = steps.map((step) => ({ ...step, skip: () => true }));
    assert.equal(await runWizard(prompt, 'Title', known, initial), initial);
  });

  it('fails as the step fails', async () => {
    const broken: Step<State> = { ask: () => Promise.reject(new Error('no')) };
    await assert.rejects(runWizard(new ScriptedPrompt([]), 'Title', [broken], initial), /^Error: no$/);
  });

  it('takes several choices, shows what was ticked, and what they come to', async () => {
    const step = pickManyStep<{ readonly chosen: readonly string[] }, string>({
      placeholder: () => 'Which?',
      items: () => ['red', 'white', 'blue'].map((label) => ({ label, value: label })),
      isPicked: ({ chosen }, value) => chosen.includes(value),
      summary: (_state, values) => values.join('+'),
      apply: (_state, chosen) => ({ chosen }),
    });
    const prompt = new ScriptedPrompt([say('blue'), 'back', say('white'), 'esc']);
    const ask = step.ask({ chosen: ['red'] }, prompt, { title: '', canGoBack: true });
    assert.deepEqual(await ask, { kind: 'value', value: { chosen: ['red', 'blue'] } });
    const again = { chosen: ['red', 'blue'] };
    assert.deepEqual(await step.ask(again, prompt, { title: '', canGoBack: true }), { kind: 'back' });
    const third = await step.ask(again, prompt, { title: '', canGoBack: true });
    assert.deepEqual(third, { kind: 'value', value: { chosen: ['red', 'white', 'blue'] } });
    assert.equal(prompt.shown.at(-1)?.value, 'red+blue');
    assert.deepEqual(await step.ask(again, prompt, { title: '', canGoBack: true }), { kind: 'cancelled' });
  });

  it('judges a text by the state', () => {
    const boxes: InputBox[] = [];
    const prompt: Prompt = {
      pick: () => Promise.resolve({ kind: 'cancelled' }),
      pickMany: () => Promise.resolve({ kind: 'cancelled' }),
      input: (box) => {
        boxes.push(box);
        return Promise.resolve({ kind: 'cancelled' });
      },
    };
    const step = inputStep<State>({
      prompt: ({ colour }) => `${colour}?`,
      password: true,
      validate: ({ colour }, text) => asError(text === colour ? undefined : 'another colour'),
      apply: (state) => state,
    });
    void step.ask({ ...initial, colour: 'red' }, prompt, { title: '', canGoBack: false });
    const [box] = boxes;
    assert.equal(box?.prompt(), 'red?');
    assert.equal(box.password, true);
    assert.equal(box.validate('red'), undefined);
    assert.deepEqual(box.validate('blue'), { message: 'another colour', severity: 'error' });
  });
});

describe('a wizard that begins later', () => {
  const note = (skip = false): Step<State> =>
    inputStep<State>({
      skip: () => skip,
      prompt: () => 'Note',
      value: (state) => state.note,
      validate: () => undefined,
      apply: (state, text) => ({ ...state, note: text }),
    });
  const size: Step<State> = inputStep({
    prompt: () => 'Size',
    value: (state) => state.size,
    validate: () => undefined,
    apply: (state, text) => ({ ...state, size: text }),
  });
  const begin = async (reactions: Reaction[]): Promise<{ prompt: ScriptedPrompt; result?: State }> => {
    const prompt = new ScriptedPrompt(reactions);
    const known = { size: '7', note: 'known' };
    const result = await runWizard(prompt, 'Title', [note(true), note(), size], known, 2);
    return { prompt, ...(result && { result }) };
  };

  it('asks only from there on, and counts what came before', async () => {
    const { prompt, result } = await begin([{ say: '8' }]);
    assert.deepEqual(result, { size: '8', note: 'known' });
    assert.deepEqual(
      prompt.shown.map(({ box }) => [box.step, box.totalSteps, box.canGoBack]),
      [[2, 2, true]],
    );
  });

  it('leads back to what was not asked, and never to what is skipped', async () => {
    const { prompt, result } = await begin(['back', { say: 'changed' }, { say: '8' }]);
    assert.deepEqual(result, { size: '8', note: 'changed' });
    assert.deepEqual(
      prompt.shown.map(({ value, box }) => [value, box.canGoBack]),
      [
        ['7', true],
        ['known', false],
        ['7', true],
      ],
    );
  });
});
