package org.rowmill.store.parts;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Compresses and decompresses pages with ZSTD. Parquet's own factory needs Hadoop. Stateless and thread-safe. */
final class ZstdCodecs implements CompressionCodecFactory {

    private static final int LEVEL = 3;

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return isZstd(codec) ? new Compressor() : new Plain();
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return isZstd(codec) ? new Decompressor() : new Plain();
    }

    @Override
    public void release() {}

    private static byte[] array(BytesInput bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
        bytes.writeAllTo(out);
        return out.toByteArray();
    }

    private static boolean isZstd(CompressionCodecName codec) {
        return switch (codec) {
            case ZSTD -> true;
            case UNCOMPRESSED -> false;
            default -> throw new UnsupportedOperationException("compression ZSTD or none was expected, not " + codec);
        };
    }

    private static final class Compressor implements BytesInputCompressor {
        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            NativeCompression.require();
            return BytesInput.from(Zstd.compress(array(bytes), LEVEL));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.ZSTD;
        }

        @Override
        public void release() {}
    }

    private static final class Decompressor implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return BytesInput.from(decompress(array(bytes), size));
        }

        @Override
        public void decompress(ByteBuffer in, int inSize, ByteBuffer out, int outSize) throws IOException {
            byte[] bytes = new byte[inSize];
            in.get(bytes);
            out.put(decompress(bytes, outSize));
        }

        /** Checks the size first: it comes from a page header, which in a damaged file could demand gigabytes. */
        private static byte[] decompress(byte[] bytes, int size) throws IOException {
            NativeCompression.require();
            long inFrame = Zstd.getFrameContentSize(bytes);
            if (inFrame != size) {
                throw new IOException("a page of " + size + " bytes was expected, not of " + inFrame);
            }
            return Zstd.decompress(bytes, size);
        }

        @Override
        public void release() {}
    }

    private static final class Plain implements BytesInputCompressor, BytesInputDecompressor {
        @Override
        public BytesInput compress(BytesInput bytes) {
            return bytes;
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.UNCOMPRESSED;
        }

        @Override
        public BytesInput decompress(BytesInput bytes, int size) {
            return bytes;
        }

        @Override
        public void decompress(ByteBuffer in, int inSize, ByteBuffer out, int outSize) {
            ByteBuffer page = in.slice().limit(inSize);
            in.position(in.position() + inSize);
            out.put(page);
        }

        @Override
        public void release() {}
    }
}
