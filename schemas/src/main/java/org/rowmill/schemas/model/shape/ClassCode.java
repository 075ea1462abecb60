package org.rowmill.schemas.model.shape;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.rowmill.schemas.WrongInput;

/**
 * What only the class file contains: the order of methods in the source, their lines, and their instructions.
 * (Reflection returns methods in another order, which differs between JDKs.)
 */
final class ClassCode {

    private static final int HASH_BYTES = 16;

    /** Methods by name and descriptor, in the order of the source. */
    private final Map<String, MethodCode> methods = new LinkedHashMap<>();

    private String file;

    private ClassCode(String file) {
        this.file = file;
    }

    /**
     * Reads a class file.
     *
     * @param type a loaded class
     * @return its code; empty when its loader does not give the file
     */
    static ClassCode of(Class<?> type) {
        ClassCode code = new ClassCode(outermost(type).getSimpleName() + ".java");
        String resource = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(resource)) {
            if (in != null) {
                ClassFiles.reader(in.readAllBytes())
                        .accept(code.new Reader(Type.getInternalName(type)), ClassReader.SKIP_FRAMES);
            }
        } catch (IOException e) {
            throw new WrongInput("class " + type.getName() + ": its class file cannot be read: " + e.getMessage());
        }
        return code;
    }

    private static Class<?> outermost(Class<?> type) {
        Class<?> outer = type;
        while (outer.getEnclosingClass() != null) {
            outer = outer.getEnclosingClass();
        }
        return outer;
    }

    /** Returns the position of a method in the source. */
    int order(String key) {
        int order = new ArrayList<>(methods.keySet()).indexOf(key);
        return order < 0 ? Integer.MAX_VALUE : order;
    }

    /** Returns the first line of the code of a method; only the file if there is none. */
    SourceLine place(String key) {
        MethodCode code = methods.get(key);
        return new SourceLine(file, code == null ? 0 : code.line);
    }

    /** Returns the line of the class declaration, which is that of its implicit constructor. */
    SourceLine place() {
        int line = methods.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("<init>"))
                .mapToInt(entry -> entry.getValue().line)
                .min()
                .orElse(0);
        return new SourceLine(file, line);
    }

    /**
     * Returns a hash of the instructions of a method and of the methods and lambdas of the same class that it calls.
     */
    String hash(String key) {
        MessageDigest digest = sha256();
        Map<String, Integer> numbers = new HashMap<>(Map.of(key, 0));
        List<String> reached = new ArrayList<>(List.of(key));
        for (int i = 0; i < reached.size(); i++) {
            MethodCode code = methods.get(reached.get(i));
            if (code == null) {
                continue;
            }
            for (Object token : code.tokens) {
                digest.update(text(token, code, numbers, reached).getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
    }

    /**
     * Returns the text of a token. A called method of the class appears as its position among the reached methods,
     * because javac numbers the lambdas of a class, and a new lambda must not change the hashes of other methods.
     */
    private String text(Object token, MethodCode code, Map<String, Integer> numbers, List<String> reached) {
        if (token instanceof Label label) {
            return "L" + code.positions.getOrDefault(label, -1);
        }
        if (token instanceof CodeReader.Call call) {
            if (!methods.containsKey(call.key())) {
                return call.key();
            }
            if (numbers.putIfAbsent(call.key(), reached.size()) == null) {
                reached.add(call.key());
            }
            return "#" + numbers.get(call.key());
        }
        return token.getClass().getSimpleName() + " " + token;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Instructions of a method. Labels are positions, because lines of source have labels, too. */
    private static final class MethodCode {
        private final List<Object> tokens = new ArrayList<>();
        private final Map<Label, Integer> positions = new HashMap<>();
        private int line;
    }

    private final class Reader extends ClassVisitor {
        private final String owner;

        Reader(String owner) {
            super(Opcodes.ASM9);
            this.owner = owner;
        }

        @Override
        public void visitSource(String source, String debug) {
            if (source != null) {
                file = source;
            }
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] thrown) {
            MethodCode code = new MethodCode();
            methods.put(name + descriptor, code);
            return new CodeReader(owner, code.tokens, code.positions) {
                @Override
                public void visitLineNumber(int line, Label start) {
                    code.line = code.line == 0 ? line : Math.min(code.line, line);
                }
            };
        }
    }
}
