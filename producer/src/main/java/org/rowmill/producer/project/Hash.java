package org.rowmill.producer.project;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/** A SHA-256 hash of texts and files. The length of each is hashed, too, so that different sequences have different hashes. */
final class Hash {

    private final DigestUtils digest = new DigestUtils("SHA-256");

    /** Adds a text. */
    Hash text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        update(bytes.length);
        digest.getMessageDigest().update(bytes);
        return this;
    }

    /** Adds files: their names relative to a directory, and their contents. */
    Hash files(Path root, List<Path> files) throws IOException {
        update(files.size());
        for (Path file : files) {
            text(root.relativize(file).toString());
            update(Files.size(file));
            try (InputStream in = Files.newInputStream(file)) {
                DigestUtils.updateDigest(digest.getMessageDigest(), in);
            }
        }
        return this;
    }

    /** Returns the hash of everything added, and resets it. */
    String hex() {
        return Hex.encodeHexString(digest.getMessageDigest().digest());
    }

    private void update(long number) {
        digest.getMessageDigest()
                .update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    }
}
