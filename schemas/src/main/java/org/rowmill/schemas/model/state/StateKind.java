package org.rowmill.schemas.model.state;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Kinds of state that rows must not share, by type. The compiler and the check of class files use the same table.
 *
 * @param type a class or interface of the JDK; its subtypes are of the same kind
 * @param problem what happens if rows share it, as the end of a sentence
 * @param remedy what to do, as an imperative
 */
public record StateKind(String type, String problem, String remedy) {

    private static final String UNSAFE =
            "is not thread-safe, but threads that compute other rows use it at the same time:"
                    + " values can be wrong without an error";
    private static final String POSITION =
            "has a position, which threads that compute other rows move: values can be wrong without an error";
    private static final String SEQUENCE = "has one sequence for all rows of a process: values depend on the order and"
            + " on the node in which rows are computed";

    private static final String LOCAL = "Make one in the column method";
    private static final String SEEDED =
            "Make one in the column method, seeded by the index, such as new Random(index)";
    private static final String FORMATTER =
            "Use a java.time.format.DateTimeFormatter, which is thread-safe, or make one" + " in the column method";

    /** More special types come first. */
    private static final List<StateKind> ALL = List.of(
            new StateKind("java.text.DateFormat", UNSAFE, FORMATTER),
            new StateKind("java.text.Format", UNSAFE, LOCAL),
            new StateKind("java.text.BreakIterator", UNSAFE, LOCAL),
            new StateKind("java.util.Calendar", UNSAFE, "Use java.time, or make one in the column method"),
            new StateKind("java.util.Random", SEQUENCE, SEEDED),
            new StateKind("java.util.SplittableRandom", SEQUENCE, SEEDED),
            new StateKind("java.util.random.RandomGenerator", SEQUENCE, SEEDED),
            new StateKind("java.util.regex.Matcher", UNSAFE, "Keep the Pattern, and call matcher in the column method"),
            new StateKind("java.util.Scanner", POSITION, LOCAL),
            new StateKind("java.util.StringTokenizer", POSITION, LOCAL),
            new StateKind("java.util.Iterator", POSITION, LOCAL),
            new StateKind("java.util.stream.BaseStream", "can be used only once", LOCAL),
            new StateKind("java.lang.StringBuilder", UNSAFE, LOCAL),
            new StateKind("java.lang.StringBuffer", "mixes what threads append that compute other rows", LOCAL),
            new StateKind("java.security.MessageDigest", UNSAFE, LOCAL),
            new StateKind("java.security.Signature", UNSAFE, LOCAL),
            new StateKind("javax.crypto.Mac", UNSAFE, LOCAL),
            new StateKind("javax.crypto.Cipher", UNSAFE, LOCAL),
            new StateKind("java.util.zip.Checksum", UNSAFE, LOCAL),
            new StateKind("java.util.zip.Deflater", UNSAFE, LOCAL),
            new StateKind("java.util.zip.Inflater", UNSAFE, LOCAL),
            new StateKind("java.nio.Buffer", POSITION, LOCAL),
            new StateKind("java.nio.charset.CharsetEncoder", UNSAFE, LOCAL),
            new StateKind("java.nio.charset.CharsetDecoder", UNSAFE, LOCAL),
            new StateKind("java.io.InputStream", POSITION, LOCAL),
            new StateKind("java.io.Reader", POSITION, LOCAL),
            new StateKind("java.io.RandomAccessFile", POSITION, LOCAL),
            new StateKind("javax.xml.parsers.DocumentBuilder", UNSAFE, LOCAL),
            new StateKind("javax.xml.parsers.SAXParser", UNSAFE, LOCAL),
            new StateKind("javax.xml.transform.Transformer", UNSAFE, LOCAL),
            new StateKind("javax.xml.xpath.XPath", UNSAFE, LOCAL),
            new StateKind("java.sql.Connection", UNSAFE, LOCAL),
            new StateKind("java.sql.Statement", UNSAFE, LOCAL),
            new StateKind("java.sql.ResultSet", POSITION, LOCAL));

    /**
     * Finds the kind of a type.
     *
     * @param isSubtypeOf whether the type is a subtype of the class with this name, or the class itself
     * @return the kind; empty: rows can share the type, or it depends on what they do with it
     */
    public static Optional<StateKind> of(Predicate<String> isSubtypeOf) {
        return ALL.stream().filter(kind -> isSubtypeOf.test(kind.type)).findFirst();
    }

    /**
     * Returns the warning of a static field of this kind.
     *
     * @param field name of the field
     * @param actual name of its class
     * @return the message without its place
     */
    public String warning(String field, String actual) {
        return warning(field, actual + " " + problem, remedy);
    }

    /**
     * Returns the warning of a static field.
     *
     * @param field name of the field
     * @param problem what is wrong
     * @param remedy what to do
     * @return the message without its place
     */
    public static String warning(String field, String problem, String remedy) {
        return "static field " + field + ": " + problem + ". " + remedy
                + ". If rows can share it, annotate it with @SharedState";
    }
}
