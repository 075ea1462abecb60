package org.rowmill.producer.code;

import org.objectweb.asm.Label;

/** An operand of an instruction. Its text for the hash depends on what it refers to, which the reader knows. */
sealed interface Operand {

    /** Returns the text to hash. */
    String text(Reader reader);

    /** Follows references, and names what they refer to without generated names. */
    interface Reader {
        String types(String namesOrDescriptor);

        String created(String type);

        String method(Method method);

        String field(Field field);

        String target(Label label);

        String string(String value);

        String classConstant(String type);
    }

    /** A number, or another text without references. */
    record Plain(String text) implements Operand {
        @Override
        public String text(Reader reader) {
            return text;
        }
    }

    /** Names of types or a descriptor: a cast, a caught exception, an array. */
    record Types(String names) implements Operand {
        @Override
        public String text(Reader reader) {
            return reader.types(names);
        }
    }

    /** The class of a new object. */
    record Created(String type) implements Operand {
        @Override
        public String text(Reader reader) {
            return reader.created(type);
        }
    }

    /** How a method is called. */
    enum Call {
        STATIC,
        SPECIAL,
        VIRTUAL
    }

    /** A method that is called, or whose handle is taken. */
    record Method(Call call, String owner, String key) implements Operand {
        @Override
        public String text(Reader reader) {
            return reader.method(this);
        }
    }

    /** A field that is read or written. The key is its name and descriptor. */
    record Field(boolean isStatic, boolean isRead, String owner, String key) implements Operand {
        @Override
        public String text(Reader reader) {
            return reader.field(this);
        }
    }

    /** A target of a jump. */
    record Target(Label label) implements Operand {
        @Override
        public String text(Reader reader) {
            return reader.target(label);
        }
    }

    /** A string constant, which may name a file of the project. */
    record Text(String value) implements Operand {
        @Override
        public String text(Reader reader) {
            return reader.string(value);
        }
    }

    /** A class constant such as {@code Point.class}. Code may use the class by reflection. */
    record ClassConstant(String type) implements Operand {
        @Override
        public String text(Reader reader) {
            return reader.classConstant(type);
        }
    }
}
