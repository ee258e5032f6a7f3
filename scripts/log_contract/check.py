"""Foreign programs read the log of the server at LOG_URL, prove in it, and cosign it.

Arguments: the log's key, the address of a running witness, the witness's key, and a bundle of `assay log prove`.
"""

import hashlib
import json
import os
import sys
import urllib.request

from aics_tlog import consistency_proof_from_tiles, inclusion_proof_from_tiles, verify_consistency
from aics_tlog import parse_note, parse_vkey, verify_checkpoint, verify_leaf_inclusion
from aics_tlog.remote import HttpTileReader
from aics_tlog.verified import VerifiedTileReader, audit_tiles
from aics_witness.feeder import WitnessClient

url = os.environ["LOG_URL"]
log_key, witness_url, witness_key, bundle = sys.argv[1:]
key = parse_vkey(log_key)
reader = HttpTileReader(url, proxies={})


def checkpoint(**policy):
    """The newest checkpoint as it was served, and what it says once its signatures hold."""
    note = reader.read_checkpoint()
    found = verify_checkpoint(parse_note(note), key, **policy)
    assert found.ok, found.error
    return note, found


# Every tile and every entry is what the signed root was made from.
note, signed = checkpoint()
report = audit_tiles(reader, signed.size, signed.root)
print(f"aics-tlog read {signed.origin}: {report}")

# The bundle's end is in it, proven by tiles alone.
with open(bundle, "rb") as file:
    proof, *frames = file.read().splitlines()
proof = json.loads(proof)
head = hashlib.sha256(b"assay.ledger.v2" + bytes.fromhex(proof["ledger_id"].replace("-", ""))).digest()
for seq, frame in enumerate(frames, 1):
    head = hashlib.sha256(b"assay.frame.v2" + head + seq.to_bytes(8) + hashlib.sha256(frame).digest()).digest()
end = {"format": "assay.end.v1", "frames": len(frames), "head": head.hex(), "ledger_id": proof["ledger_id"]}
entry = json.dumps(end, separators=(",", ":"), sort_keys=True).encode()
tiles = VerifiedTileReader(reader, signed.size, signed.root)
assert tiles.entry(proof["index"]) == entry, "the entry is not the end of the bundle's frames"
path = inclusion_proof_from_tiles(tiles, proof["index"], signed.size)
assert [node.hex() for node in path] == proof["path"], "the path is not the one of the tiles"
assert verify_leaf_inclusion(entry, proof["index"], signed.size, path, signed.root)

# The log of one entry is the beginning of today's.
grown = consistency_proof_from_tiles(tiles, 1, signed.size)
first = tiles.leaf_hash(0)
assert verify_consistency(1, signed.size, first, signed.root, grown)

# A witness signs what it has seen, and the server serves that with the checkpoint.
witness = WitnessClient(witness_url, witness_key)
lines = witness.submit(note, lambda old, new: consistency_proof_from_tiles(tiles, old, new))
request = urllib.request.Request(
    f"{url}/cosignatures",
    json.dumps({"lines": lines.splitlines()}).encode(),
    {"Content-Type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    assert json.load(response) == {"accepted": 1}
cosigned, found = checkpoint(witness_keys=[parse_vkey(witness_key)], quorum=1)
assert cosigned == note + lines.encode(), "the cosignature does not stand under the checkpoint"
print(f"aics-witness cosigned {found.size} entries: {found.witnesses}")
