// Stores things; written to show what TypeScript says about names.
import { Injectable, type Logger } from '@app/core';
import fs = require('fs');
import type { Shape } from './shapes';

export interface Store<T> extends Reader<T>, Writer {
  readonly name: string;
  items: T[];
  find(id: Id, deep?: boolean): Promise<T | undefined>;
}

export type Handler = (event: Event, next: Handler) => void;
type Pair<A> = [A, Map<string, A>];

export enum Level { Low, High = 2 }

export namespace Internal {
  export function helper(shape: Shape): Level { return Level.High; }
}

declare function external(name: string): Result;

/** Keeps items in memory. */
@Injectable({ scope: Level.Low })
export class MemoryStore<T extends Shape> extends Base<T> implements Store<T>, io.Closeable<T> {
  private cache: Map<string, T[]> = new Map();
  static instance?: MemoryStore<Shape>;
  handler = (event: Event) => this.handle(event);

  constructor(private readonly logger: Logger, public level = Level.Low, @Inject(TOKEN) options?: Options) {
    super(options);
    this.level = level;
  }

  @Get('find')
  /** Finds one. */
  async find(id: Id, ...paths: Path[]): Promise<T | undefined> {
    const found = (await this.cache.get(id)) as T;
    const other = <T>found!;
    return found ?? this.load<T>(id, (item: T): item is T => check(item));
  }

  get size(): number { return this.cache.size; }

  protected abstract load(id: Id): T;
}

export abstract class Base<T> {
  abstract open(options: Options): void;
}

export const create = <T extends Shape>(logger: Logger): MemoryStore<T> => new MemoryStore<T>(logger);

function overloaded(a: string): void;
function overloaded(a: number): void;
function overloaded(this: Window, a: any, b: Array<Shape> = []): asserts a is Shape {
  for (const [key, value] of b.entries()) value.draw(key);
  let table: Record<string, Handler> = { run: overloaded };
  table.run(a);
}

export default create;
