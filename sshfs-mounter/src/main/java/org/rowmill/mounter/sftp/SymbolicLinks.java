package org.rowmill.mounter.sftp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Makes symbolic links with exactly the targets that clients request. Java's paths have no double or trailing slashes:
 * for such a target, {@code ln} makes the link.
 */
final class SymbolicLinks {

    private static final long LIMIT_SECONDS = 10;

    private SymbolicLinks() {}

    /**
     * Makes a link.
     *
     * @param entry where to make the link; nothing is there
     * @param link the same entry, as a path
     */
    static void create(FolderEntry entry, Path link, byte[] target) throws IOException {
        Path path = ByteNames.toPath(target);
        Files.createSymbolicLink(link, path);
        if (!Arrays.equals(ByteNames.toBytes(path), target)) {
            try {
                replace(entry, link, target);
            } catch (IOException e) {
                // The existing link leads to the same file.
            }
        }
    }

    /**
     * Replaces the link in two steps: {@code ln} makes a link of a new name, and a rename in the open directory
     * replaces the old one. A single {@code ln} could replace a file elsewhere, because it uses the path, which
     * somebody on this computer may redirect.
     */
    private static void replace(FolderEntry entry, Path link, byte[] target) throws IOException {
        Path name = Path.of(".rowmill-link-" + UUID.randomUUID());
        Path made = link.resolveSibling(name);
        shell(script(target, ByteNames.toBytes(made)));
        if (Arrays.equals(ByteNames.toBytes(Files.readSymbolicLink(made)), target)) {
            try {
                entry.folder().move(name, entry.folder(), entry.name());
            } catch (IOException e) {
                entry.folder().deleteFile(name);
            }
        }
    }

    private static byte[] script(byte[] target, byte[] link) {
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        script.writeBytes("exec ln -s -- ".getBytes(StandardCharsets.US_ASCII));
        quote(target, script);
        script.write(' ');
        quote(link, script);
        script.write('\n');
        return script.toByteArray();
    }

    private static void quote(byte[] text, ByteArrayOutputStream script) {
        script.write('\'');
        for (byte b : text) {
            if (b == '\'') {
                script.writeBytes(new byte[] {'\'', '\\', '\'', '\''});
            } else {
                script.write(b);
            }
        }
        script.write('\'');
    }

    /** Runs a script from standard input: Java converts arguments by the locale, which cannot represent all bytes. */
    private static void shell(byte[] script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-s")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(script);
            }
            process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            process.destroyForcibly();
        }
    }
}
