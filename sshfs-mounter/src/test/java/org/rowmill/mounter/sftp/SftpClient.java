package org.rowmill.mounter.sftp;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client of SFTP version 3 that sends any request, one at a time. */
final class SftpClient implements Closeable {

    static final int OPEN = 3;
    static final int CLOSE = 4;
    static final int READ = 5;
    static final int WRITE = 6;
    static final int LSTAT = 7;
    static final int FSTAT = 8;
    static final int SETSTAT = 9;
    static final int FSETSTAT = 10;
    static final int OPENDIR = 11;
    static final int READDIR = 12;
    static final int REMOVE = 13;
    static final int MKDIR = 14;
    static final int RMDIR = 15;
    static final int REALPATH = 16;
    static final int STAT = 17;
    static final int RENAME = 18;
    static final int READLINK = 19;
    static final int SYMLINK = 20;
    static final int EXTENDED = 200;

    static final int FLAG_READ = 1;
    static final int FLAG_WRITE = 2;
    static final int FLAG_APPEND = 4;
    static final int FLAG_CREATE = 8;
    static final int FLAG_TRUNCATE = 16;
    static final int FLAG_EXCLUSIVE = 32;

    static final int OK = 0;
    static final int EOF = 1;
    static final int NO_SUCH_FILE = 2;
    static final int DENIED = 3;
    static final int PERMISSION_DENIED = 3;
    static final int FAILURE = 4;
    static final int BAD_MESSAGE = 5;
    static final int UNSUPPORTED = 8;

    static final String POSIX_RENAME = "posix-rename@openssh.com";
    static final String HARDLINK = "hardlink@openssh.com";
    static final String FSYNC = "fsync@openssh.com";
    static final String STATVFS = "statvfs@openssh.com";

    private final DataInputStream in;
    private final DataOutputStream out;
    private int lastId;

    SftpClient(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = new DataOutputStream(out);
    }

    /** The fields of a request, in their order. */
    static final class Fields {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Fields number(int value) {
            bytes.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
            return this;
        }

        Fields number(long value) {
            bytes.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
            return this;
        }

        Fields text(byte[] value) {
            number(value.length);
            bytes.writeBytes(value);
            return this;
        }

        Fields text(String value) {
            return text(value.getBytes(StandardCharsets.UTF_8));
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }
    }

    /** A reply. {@code status} is OK for all replies that are not status replies. */
    record Reply(int type, int status, ByteBuffer body) {
        boolean isOk() {
            return status == OK;
        }

        byte[] text() {
            byte[] text = new byte[body.getInt()];
            body.get(text);
            return text;
        }

        Attributes attributes() {
            if (body.getInt() != 15) {
                throw new IllegalStateException("all attributes were expected");
            }
            return new Attributes(
                    body.getLong(), body.getInt(), body.getInt(), body.getInt(), body.getInt(), body.getInt());
        }
    }

    record Attributes(long size, int uid, int gid, int mode, int accessed, int modified) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(byte[] name, Attributes attributes) {
        String text() {
            return new String(name, StandardCharsets.UTF_8);
        }
    }

    static Fields fields() {
        return new Fields();
    }

    ByteBuffer init() throws IOException {
        send(new Fields().number(3).toBytes(), 1);
        return receive();
    }

    Reply ask(int type, Fields fields) throws IOException {
        int id = ++lastId;
        send(new Fields().number(id).toBytes(), type, fields.toBytes());
        ByteBuffer packet = receive();
        int replyType = packet.get() & 0xff;
        if (packet.getInt() != id) {
            throw new IOException("the reply is not to the last request");
        }
        return new Reply(replyType, replyType == 101 ? packet.getInt() : OK, packet.slice());
    }

    void send(byte[] head, int type, byte... rest) throws IOException {
        out.writeInt(1 + head.length + rest.length);
        out.writeByte(type);
        out.write(head);
        out.write(rest);
        out.flush();
    }

    ByteBuffer receive() throws IOException {
        byte[] packet = new byte[in.readInt()];
        in.readFully(packet);
        return ByteBuffer.wrap(packet);
    }

    /** Sends a request that consists of a path only. */
    Reply ask(int type, String path) throws IOException {
        return ask(type, fields().text(path));
    }

    Attributes lstat(String path) throws IOException {
        return ask(LSTAT, path).attributes();
    }

    Reply open(String path, int flags) throws IOException {
        return ask(OPEN, fields().text(path).number(flags).number(0));
    }

    byte[] mustOpen(String path, int flags) throws IOException {
        Reply reply = open(path, flags);
        if (reply.type() != 102) {
            throw new IOException("status " + reply.status() + " for " + path);
        }
        return reply.text();
    }

    Reply read(byte[] handle, long offset, int length) throws IOException {
        return ask(READ, fields().text(handle).number(offset).number(length));
    }

    Reply write(byte[] handle, long offset, byte[] data) throws IOException {
        return ask(WRITE, fields().text(handle).number(offset).text(data));
    }

    Reply close(byte[] handle) throws IOException {
        return ask(CLOSE, fields().text(handle));
    }

    Reply extended(String name, String... texts) throws IOException {
        Fields fields = fields().text(name);
        for (String text : texts) {
            fields.text(text);
        }
        return ask(EXTENDED, fields);
    }

    String readAll(String path) throws IOException {
        byte[] handle = mustOpen(path, FLAG_READ);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Reply reply = read(handle, 0, 1 << 16);
        while (reply.type() == 103) {
            all.writeBytes(reply.text());
            reply = read(handle, all.size(), 1 << 16);
        }
        close(handle);
        return all.toString(StandardCharsets.UTF_8);
    }

    void writeAll(String path, String text) throws IOException {
        byte[] handle = mustOpen(path, FLAG_WRITE | FLAG_CREATE | FLAG_TRUNCATE);
        if (!write(handle, 0, text.getBytes(StandardCharsets.UTF_8)).isOk()) {
            throw new IOException("cannot write " + path);
        }
        close(handle);
    }

    List<Entry> list(String path) throws IOException {
        byte[] handle = ask(OPENDIR, path).text();
        List<Entry> entries = new ArrayList<>();
        Reply reply = ask(READDIR, fields().text(handle));
        while (reply.type() == 104) {
            for (int i = reply.body().getInt(); i > 0; i--) {
                byte[] name = reply.text();
                reply.text();
                entries.add(new Entry(name, reply.attributes()));
            }
            reply = ask(READDIR, fields().text(handle));
        }
        close(handle);
        return entries;
    }

    @Override
    public void close() throws IOException {
        out.close();
        in.close();
    }
}
