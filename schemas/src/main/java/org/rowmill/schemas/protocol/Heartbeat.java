package org.rowmill.schemas.protocol;

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
 * @param oldestRow number of the row that it has been computing for longest; -1: none
 * @param oldestMillis for how long, milliseconds
 */
public record Heartbeat(String node, long pid, int slots, int busy, long rows, long oldestRow, long oldestMillis) {

    private static final int MOST_SLOTS = 1 << 20;

    public Heartbeat {
        Objects.requireNonNull(node);
        if (slots < 0 || busy < 0 || busy > slots || slots > MOST_SLOTS) {
            throw new IllegalArgumentException(
                    "up to " + MOST_SLOTS + " slots were expected, not " + busy + " of " + slots);
        }
    }

    /**
     * What each heartbeat of a node begins with, and no other's does.
     *
     * @param node its name
     * @return the first bytes of the body
     */
    public static byte[] beginning(String node) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(node);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
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
            out.writeLong(oldestRow);
            out.writeLong(oldestMillis);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Who sent a heartbeat, whether or not the rest of it can be read.
     *
     * @param body the body of a message
     * @return the node's name
     * @throws IOException when it does not begin with one
     */
    public static String sender(byte[] body) throws IOException {
        return new DataInputStream(new ByteArrayInputStream(body)).readUTF();
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
        Heartbeat read;
        try {
            read = new Heartbeat(
                    in.readUTF(),
                    in.readLong(),
                    in.readInt(),
                    in.readInt(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong());
        } catch (IllegalArgumentException e) {
            throw new IOException("a heartbeat was expected: " + e.getMessage(), e);
        }
        if (in.available() > 0) {
            throw new IOException("a heartbeat was expected; " + in.available() + " bytes follow it");
        }
        return read;
    }
}
