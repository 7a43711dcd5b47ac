"""Multipart uploads."""
import base64
import re
import uuid

from .checksums import CHECKSUMS
from .http_server import Answer
from .listing import encoder
from .objects import check_conditions, copied_answer, find_source, stored_headers
from .signature import Refused
from .storage import Object, Part, Upload, make_etag, make_multipart_etag
from .xml import document, element, parse

PART_NUMBER_MAX = 10_000
XML = [("Content-Type", "application/xml")]


def find_upload(request, bucket):
    upload = bucket.uploads.get(request.query["uploadId"])
    if upload is None or upload.key != request.key:
        raise Refused(404, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload "
                                           "may have been aborted or completed.")
    return upload


def create_upload(service, request, bucket):
    headers, tags = stored_headers(request, bucket, service.profile)
    upload = Upload(request.key, headers, tags, request.header("x-amz-checksum-algorithm", ""),
                    request.header("x-amz-checksum-type", ""))
    if upload.algorithm and upload.algorithm.lower() not in CHECKSUMS:
        raise Refused(400, "InvalidRequest", "Checksum algorithm provided is unsupported")
    if upload.checksum_type == "FULL_OBJECT" and not upload.algorithm.startswith("CRC"):
        raise Refused(400, "InvalidRequest", "The FULL_OBJECT checksum type is for CRCs only")
    name = uuid.uuid4().hex
    bucket.uploads[name] = upload
    return Answer(200, XML, document("InitiateMultipartUploadResult", element("Bucket", request.bucket),
                                     element("Key", request.key), element("UploadId", name)))


def part_number(request):
    number = request.query["partNumber"]
    if not number.isdigit() or not 1 <= int(number) <= PART_NUMBER_MAX:
        raise Refused(400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
    return int(number)


def upload_part(service, request, bucket):
    upload, number = find_upload(request, bucket), part_number(request)
    if bucket.locked and "content-md5" not in request.headers and not request.checksums:
        raise Refused(400, "InvalidRequest", "Content-MD5 OR x-amz-checksum- HTTP header is required")
    if "part_checksums_needed" in request.wrongs and upload.algorithm and not request.checksums:
        raise Refused(400, "InvalidArgument", f"checksum missing, want {upload.algorithm!r}, got ''")
    for algorithm in request.checksums:
        if upload.algorithm and algorithm != upload.algorithm.lower():
            raise Refused(400, "InvalidRequest", f"Checksum Type mismatch occurred, expected {upload.algorithm}")
    body = request.body
    if "corrupt_stored" in request.wrongs and body:
        body = bytes([body[0] ^ 1]) + body[1:]
    return store_part(service, bucket, upload, number, body, request)


def store_part(service, bucket, upload, number, body, request):
    part = Part(body, make_etag(service.profile, bucket, body), {}, service.now())
    if service.profile.checksums == "enforced":
        for algorithm in request.checksums or (upload.algorithm or "crc64nvme",):
            part.checksums[algorithm.lower()] = base64.b64encode(CHECKSUMS[algorithm.lower()](body)).decode()
    upload.parts[number] = part
    return Answer(200, [("ETag", f'"{part.etag}"'), *encryption_headers(bucket),
                        *((f"x-amz-checksum-{name}", value) for name, value in part.checksums.items())])


def encryption_headers(bucket):
    return [("x-amz-server-side-encryption", bucket.encryption)] if bucket.encryption else []


def upload_part_copy(service, request, bucket):
    upload, number = find_upload(request, bucket), part_number(request)
    found = find_source(service, request)
    body, asked = found.body, request.header("x-amz-copy-source-range")
    if asked:
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", asked)
        if not match or not int(match[1]) <= int(match[2]) < len(body):
            raise Refused(400, "InvalidArgument", "The x-amz-copy-source-range value must be of the form bytes=first-last")
        body = body[int(match[1]):int(match[2]) + 1]
    store_part(service, bucket, upload, number, body, request)
    return copied_answer("CopyPartResult", upload.parts[number].etag, upload.parts[number].modified)


def chosen_parts(service, request, upload):
    root = parse(request.body, "CompleteMultipartUpload")
    entries = root.findall("Part") if root is not None else []
    if not 1 <= len(entries) <= PART_NUMBER_MAX:
        raise Refused(400, "MalformedXML", "The XML you provided was not well-formed or did not validate")
    numbers = [int(entry.findtext("PartNumber")) for entry in entries]
    if numbers != sorted(set(numbers)):
        raise Refused(400, "InvalidPartOrder", "The list of parts was not in ascending order.")
    parts = []
    for number, entry in zip(numbers, entries):
        part = upload.parts.get(number)
        if part is None or entry.findtext("ETag", "").strip('"') != part.etag:
            raise Refused(400, "InvalidPart", "One or more of the specified parts could not be found.")
        for name, value in part.checksums.items():
            unsaid = None if "part_checksums_needed" in request.wrongs and upload.algorithm else value
            if entry.findtext("Checksum" + name.upper(), unsaid) != value:
                raise Refused(400, "InvalidPart", "A part's checksum is not the one that was uploaded.")
        parts.append(part)
    sizes = [len(part.body) for part in parts[:-1]]
    if any(size < service.profile.part_size_min for size in sizes):
        raise Refused(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
    if service.profile.equal_parts and (len(set(sizes)) > 1 or any(len(parts[-1].body) > size for size in sizes)):
        raise Refused(400, "InvalidPart", "All non-trailing parts must have the same length.")
    return parts


def complete_upload(service, request, bucket):
    upload = find_upload(request, bucket)
    parts = chosen_parts(service, request, upload)
    check_conditions(request, bucket.objects.get(request.key), service.profile, service.profile.conditional_complete)
    if "part_left_out" in request.wrongs:
        parts = parts[:-1]
    body = b"".join(part.body for part in parts)
    made = Object(body, make_multipart_etag(service.profile, bucket, parts), service.now(), upload.headers, tags=upload.tags,
                  parts=[len(part.body) for part in parts])
    algorithm = upload.algorithm.lower()
    if algorithm and service.profile.checksums == "enforced":
        made.checksum_type = upload.checksum_type or ("FULL_OBJECT" if algorithm == "crc64nvme" else "COMPOSITE")
        if request.header("x-amz-checksum-type", made.checksum_type) != made.checksum_type:
            raise Refused(400, "InvalidRequest", "The checksum type is not the one that the upload was created with")
        if made.checksum_type == "FULL_OBJECT":
            made.add_checksum(algorithm)
            if request.header(f"x-amz-checksum-{algorithm}", made.checksums[algorithm]) != made.checksums[algorithm]:
                raise Refused(400, "BadDigest", f"The {algorithm} you specified did not match the calculated checksum.")
        else:
            if any(algorithm not in part.checksums for part in parts):
                raise Refused(400, "InvalidRequest", "The upload was created with a checksum, and a part has none")
            digest = CHECKSUMS[algorithm](b"".join(base64.b64decode(part.checksums[algorithm]) for part in parts))
            made.checksums[algorithm] = f"{base64.b64encode(digest).decode()}-{len(parts)}"
    bucket.objects[request.key] = made
    del bucket.uploads[request.query["uploadId"]]
    results = [element("Bucket", request.bucket), element("Key", request.key),
               element("ETag", f'"{made.etag}"' if service.profile.complete_tells_etag else "")]
    results += (element("Checksum" + name.upper(), value) for name, value in made.checksums.items())
    results += [element("ChecksumType", made.checksum_type)] if made.checksums else []
    return Answer(200, [*XML, *encryption_headers(bucket)], document("CompleteMultipartUploadResult", *results))


def abort_upload(service, request, bucket):
    find_upload(request, bucket)
    del bucket.uploads[request.query["uploadId"]]
    return Answer(204)


def list_uploads(service, request, bucket):
    write, told = encoder(request, service.profile)
    prefix = request.query.get("prefix", "").encode("utf-8", "surrogateescape")
    found = sorted((upload.key, name) for name, upload in bucket.uploads.items() if upload.key.startswith(prefix))
    after = (request.query.get("key-marker", "").encode("utf-8", "surrogateescape"), request.query.get("upload-id-marker", ""))
    found = [each for each in found if each > after]
    size = min(int(request.query.get("max-uploads", 1000)), service.page_keys_max)
    more = len(found) > size
    found = found[:size]
    markers = [element("NextKeyMarker", write(found[-1][0])), element("NextUploadIdMarker", found[-1][1])] if more else []
    entries = [element("Upload", element("Key", write(key)), element("UploadId", name),
                       element("Initiated", "2026-01-01T00:00:00.000Z")) for key, name in found]
    coding = [element("EncodingType", "url")] if told else []
    return Answer(200, XML, document("ListMultipartUploadsResult", element("Bucket", request.bucket), *coding,
                                     element("IsTruncated", "true" if more else "false"), *markers, *entries))


def list_parts(service, request, bucket):
    upload = find_upload(request, bucket)
    entries = [element("Part", element("PartNumber", number), element("ETag", f'"{part.etag}"'),
                       element("Size", len(part.body)),
                       element("LastModified", part.modified.strftime("%Y-%m-%dT%H:%M:%S.000Z")))
               for number, part in sorted(upload.parts.items())]
    return Answer(200, XML, document("ListPartsResult", element("Bucket", request.bucket), element("IsTruncated", "false"),
                                     *entries))
