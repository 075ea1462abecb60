package org.rowmill.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the output of {@code strace}: what a process did to the files below a directory. */
final class WriteLog {

    /** System calls that create, change, rename or remove files, or force them to the disk. */
    static final String CALLS =
            "?open,openat,?creat,write,pwrite64,writev,pwritev,?rename,?renameat,renameat2,?link,linkat,"
                    + "?unlink,unlinkat,?mkdir,mkdirat,?rmdir,ftruncate,truncate,fallocate,fsync,fdatasync";

    private static final Pattern LINE = Pattern.compile("(\\d+) +(\\w+)\\((.*)\\) += (-?\\d+).*");
    private static final Pattern UNFINISHED = Pattern.compile("(\\d+) +(.*) <unfinished \\.\\.\\.>");
    private static final Pattern RESUMED = Pattern.compile("(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)");
    private static final Pattern STRING = Pattern.compile("\"((?:\\\\x[0-9a-f]{2})*)\"");
    private static final Pattern FILE = Pattern.compile("^\\d+<([^>]*)>");
    private static final int HEX = 16;

    private WriteLog() {}

    /** One operation. */
    sealed interface Operation {}

    /** A file or directory was created. */
    record Make(Path path, boolean isDirectory) implements Operation {}

    /** The size of a file was changed. */
    record Truncate(Path path, int size) implements Operation {}

    /** Bytes were written. A negative offset means the position after the last write. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Write(Path path, int offset, byte[] bytes) implements Operation {}

    /** A file was renamed. */
    record Rename(Path from, Path to) implements Operation {}

    /** A file or directory was removed. */
    record Remove(Path path) implements Operation {}

    /** A file or a directory was forced to the disk. */
    record Sync(Path path) implements Operation {}

    /** The process printed a line. */
    record Printed(String line) implements Operation {}

    /** Reads the operations below a directory. */
    static List<Operation> read(Path log, Path below) throws IOException {
        List<Operation> operations = new ArrayList<>();
        Map<String, String> unfinished = new HashMap<>();
        for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
            Matcher cut = UNFINISHED.matcher(line);
            Matcher rest = RESUMED.matcher(line);
            if (cut.matches()) {
                unfinished.put(cut.group(1), cut.group(2));
            } else if (rest.matches()) {
                add(rest.group(1) + " " + unfinished.remove(rest.group(1)) + rest.group(2), below, operations);
            } else {
                add(line, below, operations);
            }
        }
        return operations;
    }

    private static void add(String line, Path below, List<Operation> operations) {
        Matcher call = LINE.matcher(line);
        if (!call.matches() || Long.parseLong(call.group(4)) < 0) {
            return; // a call that failed, or a line that is not a call
        }
        String arguments = call.group(3);
        List<byte[]> strings = new ArrayList<>();
        for (Matcher string = STRING.matcher(arguments); string.find(); ) {
            strings.add(bytes(string.group(1)));
        }
        Matcher open = FILE.matcher(arguments);
        Path file = open.find() ? Path.of(text(open.group(1))) : path(strings, 0);
        if (call.group(2).equals("write") && arguments.startsWith("1<")) {
            operations.add(new Printed(new String(strings.get(0), StandardCharsets.US_ASCII).strip()));
        } else if (file.startsWith(below)) {
            operations.addAll(operations(call.group(2), arguments, file, strings, Integer.parseInt(call.group(4))));
        }
    }

    private static Path path(List<byte[]> strings, int number) {
        return strings.size() <= number
                ? Path.of("")
                : Path.of(new String(strings.get(number), StandardCharsets.UTF_8));
    }

    private static List<Operation> operations(
            String call, String arguments, Path file, List<byte[]> strings, int result) {
        String[] words = arguments.split(", ");
        String last = words[words.length - 1];
        return switch (call) {
            case "openat" -> opened(arguments, path(strings, 0));
            case "mkdir", "mkdirat" -> List.of(new Make(file, true));
            case "write" -> List.of(new Write(file, -1, Arrays.copyOf(strings.get(0), result)));
            case "pwrite64" -> List.of(new Write(file, Integer.parseInt(last), Arrays.copyOf(strings.get(0), result)));
            case "ftruncate" -> List.of(new Truncate(file, Integer.parseInt(last)));
            case "rename", "renameat", "renameat2" -> List.of(new Rename(file, path(strings, 1)));
            case "unlink", "unlinkat" -> List.of(new Remove(file));
            case "fsync", "fdatasync" -> List.of(new Sync(file));
            default -> throw new IllegalStateException("unknown system call: " + call);
        };
    }

    private static List<Operation> opened(String arguments, Path file) {
        List<Operation> operations = new ArrayList<>();
        if (arguments.contains("O_CREAT")) {
            operations.add(new Make(file, false));
        }
        if (arguments.contains("O_TRUNC")) {
            operations.add(new Truncate(file, 0));
        }
        return operations;
    }

    private static String text(String hex) {
        return hex.startsWith("\\x") ? new String(bytes(hex), StandardCharsets.UTF_8) : hex;
    }

    private static byte[] bytes(String hex) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(hex.length() / 4);
        for (int i = 0; i < hex.length(); i += 4) {
            bytes.write(Integer.parseInt(hex, i + 2, i + 4, HEX));
        }
        return bytes.toByteArray();
    }
}
