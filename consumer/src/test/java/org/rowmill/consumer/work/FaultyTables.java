package org.rowmill.consumer.work;

import java.io.IOException;
import java.io.Serial;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.util.AbstractList;
import java.util.List;
import java.util.stream.Stream;
import org.rowmill.table.Column;
import org.rowmill.table.RowContext;
import org.rowmill.table.Table;

/** Tables whose code fails in places other than their column methods. */
final class FaultyTables {

    private FaultyTables() {}

    private abstract static class Numbered extends Table<Integer> {
        @Override
        public Stream<Integer> index() {
            return Stream.empty(); // only the head calls this
        }
    }

    enum Colour {
        RED
    }

    /** One column needs the value of another, which may be stored. */
    public static final class Colours extends Numbered {
        @Column
        public Colour colour(int index) {
            return Colour.RED;
        }

        @Column
        public int length(Colour colour) {
            return colour.name().length();
        }

        @Column
        public String title(Colour colour) {
            return colour.name();
        }

        @Column
        public int other(int index) {
            return index;
        }
    }

    /** Its enum cannot be initialized. */
    public static final class BrokenEnums extends Numbered {
        enum Broken {
            ONE;

            static {
                if (!ONE.name().isEmpty()) {
                    throw new IllegalStateException("no enum today");
                }
            }
        }

        @Column
        public Broken broken(int index) {
            return Broken.ONE;
        }

        @Column
        public int length(Broken broken) {
            return broken.name().length();
        }
    }

    /** Throws an exception whose methods throw errors. */
    public static final class BadExceptions extends Numbered {
        static final class Bad extends RuntimeException {
            @Serial
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new NoClassDefFoundError("message");
            }

            @Override
            public String toString() {
                throw new AssertionError("text");
            }
        }

        @Column
        public int good(int index) {
            return index;
        }

        @Column
        public int bad(int index) {
            if (index >= 0) {
                throw new Bad();
            }
            return index;
        }
    }

    /** Returns a list that throws an error when its elements are read. */
    public static final class BadLists extends Numbered {
        @Column
        public int good(int index) {
            return index;
        }

        @Column
        public List<Integer> list(int index) {
            return new AbstractList<>() {
                @Override
                public Integer get(int i) {
                    throw new NoClassDefFoundError("element");
                }

                @Override
                public int size() {
                    return index;
                }
            };
        }
    }

    /** The constructor of its index throws an error. */
    public static final class BadIndices extends Table<BadIndices.Index> {
        record Index(int number) {
            Index {
                if (number == 3) {
                    throw new AssertionError("not three");
                }
                if (number == 4) {
                    throw new OutOfMemoryError("simulated");
                }
            }
        }

        @Override
        public Stream<Index> index() {
            return Stream.empty();
        }

        @Column
        public int value(Index index) {
            return index.number();
        }
    }

    /** Returns a number whose digits cannot be read when the result is encoded. */
    public static final class Unencodable extends Numbered {
        static final class Digits extends BigDecimal {
            @Serial
            private static final long serialVersionUID = 1L;

            Digits(int value) {
                super(value);
            }

            @Override
            public BigDecimal setScale(int scale) {
                return this;
            }

            @Override
            public BigDecimal setScale(int scale, RoundingMode rounding) {
                return this;
            }

            @Override
            public BigInteger unscaledValue() {
                throw new NoClassDefFoundError("digits");
            }
        }

        @Column
        public BigDecimal value(int index) {
            return new Digits(index);
        }
    }

    /** Removes its scratch directory itself. */
    public static final class Untidy extends Numbered {
        @Column
        public int value(int index, RowContext context) throws IOException {
            Files.delete(context.scratch());
            return index;
        }
    }
}
