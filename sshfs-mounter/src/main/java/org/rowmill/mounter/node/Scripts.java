package org.rowmill.mounter.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The shell scripts that run on nodes. */
final class Scripts {

    private static final NodeFile AGENT =
            NodeFile.of("agent.sh", text("agent.sh").getBytes(StandardCharsets.UTF_8), ".sh");

    private Scripts() {}

    /** The script that owns what a run has on a node. */
    static NodeFile agent() {
        return AGENT;
    }

    static String text(String name) {
        try (InputStream in = Scripts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
