/* Copyright of nobody. */
package com.example.store;

import com.example.base.Base;
import java.util.*;
import static com.example.Util.check;
import static com.example.Names.*;

/**
 * Keeps <b>items</b>; written to show what Java says about names.
 *
 * @param <T> what is kept
 */
@Service(name = "store")
public class Source<T extends Shape> extends Base<T> implements Store<T>, Closeable {
    public static final int LIMIT = 10;
    private final Map<String, List<T>> cache = new HashMap<>();
    private Handler handler = Source::fallback, other = null;
    T[] items;

    /** How full it is. */
    enum Level {
        LOW(1), HIGH(2) { @Override int weight() { return 3; } };

        private final int weight;

        Level(int weight) { this.weight = weight; }

        int weight() { return weight; }
    }

    record Pair(String name, Shape shape) implements Named {
        Pair { check(name); }
    }

    @interface Marker { int value() default 1; }

    public Source(Logger logger, String... names) throws IOException {
        super(logger);
        this.handler = new Handler(names);
    }

    Source() { this(null); }

    // Finds one.
    // It may load it.
    @Override
    public Optional<T> find(final Id id, List<? extends Shape> shapes, int[] counts) throws NotFound {
        for (Shape shape : shapes) {
            shape.draw(id);
        }
        var loader = new Loader<T>(id) { void load() { prepare(); } };
        Shape cast = (Shape) cache.get(id);
        shapes.stream().map(Shape::name).filter(name -> name.ok()).forEach((name) -> { log(name); });
        try (Reader reader = open(id)) {
            return reader.read();
        } catch (IOException | NotFound problem) {
            throw new Failure(problem);
        }
        if (cast instanceof Circle circle && circle.round()) {
            Runnable task = () -> circle.roll();
            items[0] = loader.get();
        }
        return id == null ? empty() : Optional.of(cast);
    }

    static void fallback() { Source.super.toString(); }

    abstract void later();

    static { register(Source.class); }
}

interface Store<T> extends Reader<T>, Writer {
    int SIZE = 4;

    T read();

    default void close() { release(this); }
}
