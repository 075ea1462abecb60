package org.rowmill.schemas;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Consumer to head, about once a second: how the consumer is.
 *
 * @param node name of its node
 * @param pid its process id there
 * @param slots rows it can compute at once
 * @param busy rows it is computing
 * @param rows rows it has finished
 */
public record Heartbeat(String node, long pid, int slots, int busy, long rows) {

    public Heartbeat {
        Objects.requireNonNull(node);
    }

    /**
     * Encodes it.
     *
     * @return the body of a message
     */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(node);
            out.writeLong(pid);
            out.writeInt(slots);
            out.writeInt(busy);
            out.writeLong(rows);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Decodes what {@link #encode()} made.
     *
     * @param body the body of a message
     * @return the heartbeat
     * @throws IOException when it is none
     */
    public static Heartbeat decode(byte[] body) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        Heartbeat read = new Heartbeat(in.readUTF(), in.readLong(), in.readInt(), in.readInt(), in.readLong());
        if (in.available() > 0) {
            throw new IOException("a heartbeat was expected; " + in.available() + " bytes follow it");
        }
        return read;
    }
}
